"""The sheets 工会, 单位 and 单位人数 of the year workbook, and how all sheets find their union."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _t

from zhijia.areas.organisations.models import Employer, Union, UnionChange
from zhijia.areas.organisations.tree import path_of
from zhijia.kernel.chinese import normalise
from zhijia.kernel.registry import registry
from zhijia.kit.sheets import BookContext, Column, Kind, Outcome, Row, Sheet

IMPORT = "books.import"
CACHE = "organisations.unions"
HERE = "zhijia.areas.organisations.sheets"


def plain(text: Any) -> str:
    """Return a name or code as it is compared: normalised, in lower case; empty for None."""
    return normalise(str(text)).casefold() if text is not None else ""


@dataclass
class UnionFinder:
    """Finds the union that a cell means: by code, name or former name, within the importer's reach.

    A blank cell means the union of ``--union``, or the only union in reach.
    """

    book: BookContext
    root: Union | None = None
    by_code: dict[str, Union] = field(default_factory=dict)
    by_name: dict[str, list[Union]] = field(default_factory=lambda: defaultdict(list))
    former: dict[str, list[Union]] = field(default_factory=lambda: defaultdict(list))

    def find(self, text: str | None) -> Union | None:
        """Return the union, or None when there is none or more than one; ``advice`` then says why."""
        key = plain(text)
        if not key:
            return self._alone()
        if key in self.by_code:
            return self.by_code[key]
        found = self._named(key)
        return found[0] if len(found) == 1 else None

    def advice(self, text: str | None) -> str | None:
        """Say what to do where ``find`` gave None; None when the union's own row failed in this book."""
        key = plain(text)
        if key in {plain(name) for name in self.book.failed["union"]}:
            return None
        if not key:
            return _t("请填写工会（编码或者名称）。")
        if len(self._named(key)) > 1:
            return _t("有几个工会都叫“%(name)s”，请改填工会编码。") % {"name": text}
        return _t("找不到工会“%(name)s”，请先在“工会”表登记，或者改填已登记的名称或编码。") % {"name": text}

    def refusal(self, action: str, path: str) -> str | None:
        """Say which right of its own area the importer lacks at a union; None when it is there."""
        if self.book.actor.scope.may(action, path):
            return None
        told = {"right": registry().actions[action].label}
        return _t("您在该工会没有“%(right)s”的权限，不能导入。") % told

    def _alone(self) -> Union | None:
        if self.root is not None or self.book.root:
            return self.root
        return next(iter(self.by_code.values())) if len(self.by_code) == 1 else None

    def _named(self, key: str) -> list[Union]:
        found = self.by_name.get(key) or self.former.get(key, [])
        living = [union for union in found if not union.closed_on]
        return living or found


def book_unions(book: BookContext) -> UnionFinder:
    """Return the finder of this import; made once, and again after the sheet 工会 was loaded."""
    if CACHE not in book.cache:
        book.cache[CACHE] = _finder(book)
    finder: UnionFinder = book.cache[CACHE]
    return finder


def rows_placed(
    book: BookContext, rows: Iterable[Row], outcome: Outcome, action: str
) -> Iterator[tuple[Row, Union]]:
    """Give each row the union of its column ``union``; a row whose union is not found is an error.

    So is one at a union where the importer lacks ``action``, the area's own right to record. Nothing is said
    where the union's own row failed in this book: that is an error already.
    """
    unions = book_unions(book)
    for row in rows:
        name = row.values["union"]
        union = unions.find(name)
        if union is not None:
            if advice := unions.refusal(action, path_of(union)):
                outcome.error(row, "union", advice)
            else:
                yield row, union
        elif advice := unions.advice(name):
            outcome.error(row, "union", advice)


def forget_unions(book: BookContext) -> None:
    """Make the next ``book_unions`` read the unions again."""
    book.cache.pop(CACHE, None)


def _finder(book: BookContext) -> UnionFinder:
    unions = list(Union.objects.within(book.actor.scope, IMPORT).order_by("path"))
    finder = UnionFinder(book)
    if book.root:
        root = next((union for union in unions if plain(union.code) == plain(book.root)), None)
        above = path_of(root) or "~"  # no path begins with ~: an unknown root reaches nothing
        unions = [union for union in unions if path_of(union).startswith(above)]
        finder.root = root
    known = {union.pk: union for union in unions}
    for union in unions:
        finder.by_code[plain(union.code)] = union
        finder.by_name[plain(union.name)].append(union)
    renamed = UnionChange.objects.within(book.actor.scope, IMPORT).filter(kind=UnionChange.Kind.RENAMED)
    for key, before in renamed.exclude(before="").values_list("union_id", "before").distinct():
        if key in known:
            finder.former[plain(before)].append(known[key])
    return finder


UNIONS = Sheet(
    key="unions",
    title="工会",
    load=f"{HERE}.load_unions.load",
    note="每个工会一行；上级工会可以写在后面的行。有更名、升格、注销等变动时填“变动”三列。",
    aliases=("工会组织", "基层工会", "工会台账"),
    columns=(
        Column("code", "工会编码", required=True, aliases=("编码", "工会代码"), example="E01", max_length=20),
        Column(
            "name",
            "工会名称",
            required=True,
            aliases=("名称",),
            example="示例县第一小学工会",
            width=28,
            max_length=100,
        ),
        Column(
            "parent",
            "上级工会",
            aliases=("上级工会编码", "隶属工会"),
            note="编码或者名称；最高一级留空",
            example="E00",
            width=24,
        ),
        Column(
            "level",
            "层级",
            Kind.CHOICE,
            required=True,
            choices=tuple(Union.Level.choices),
            example="基层工会",
        ),
        Column(
            "sector",
            "类型",
            Kind.CHOICE,
            required=True,
            aliases=("单位类型", "工会类型"),
            choices=tuple(Union.Sector.choices),
            example="教育",
        ),
        Column("region", "所在地区", aliases=("地区",), max_length=60),
        Column("uscc", "统一社会信用代码", Kind.USCC, aliases=("信用代码",), width=22),
        Column("issuer_code", "机关代字", note="发文字号用", max_length=20),
        Column("founded_on", "建会日期", Kind.DATE, aliases=("成立日期", "建会时间")),
        Column("chair", "主席", Kind.NAME, aliases=("工会主席",), max_length=50),
        Column("term_no", "届次", Kind.INTEGER, aliases=("届",)),
        Column("elected_on", "换届日期", Kind.DATE, aliases=("选举日期",), note="与届满日期一起填写"),
        Column("expires_on", "届满日期", Kind.DATE),
        Column("legal_person_on", "法人登记日期", Kind.DATE),
        Column("account_opened_on", "开户日期", Kind.DATE),
        Column(
            "change",
            "变动",
            Kind.CHOICE,
            choices=tuple(
                (kind.value, kind.label) for kind in UnionChange.Kind if kind is not UnionChange.Kind.FOUNDED
            ),
            note="更名、升格、调整隶属、转出、注销、撤销",
        ),
        Column("changed_on", "变动日期", Kind.DATE),
        Column("document", "变动文件", aliases=("批准文件",), max_length=100),
        Column("former_name", "原名称", note="更名时填写", max_length=100),
    ),
)

EMPLOYERS = Sheet(
    key="employers",
    title="单位",
    load=f"{HERE}.load_employers.load",
    note="工会覆盖的单位，每个单位一行。",
    aliases=("覆盖单位", "涵盖单位"),
    columns=(
        Column("name", "单位名称", required=True, example="示例县第一小学", width=28, max_length=100),
        Column("union", "所属工会", required=True, aliases=("工会", "工会名称"), example="E01", width=24),
        Column(
            "sector",
            "类型",
            Kind.CHOICE,
            required=True,
            aliases=("单位类型",),
            choices=tuple(Union.Sector.choices),
            example="教育",
        ),
        Column("uscc", "统一社会信用代码", Kind.USCC, aliases=("信用代码",), width=22),
        Column("industry", "行业", max_length=60),
        Column("covered_on", "覆盖日期", Kind.DATE, note="留空按建会日期"),
        Column("ended_on", "终止日期", Kind.DATE),
    ),
)

HEAD_COUNTS = Sheet(
    key="head_counts",
    title="单位人数",
    load=f"{HERE}.load_employers.load_counts",
    note="每个单位每次统计一行；人数到下一次统计为止有效。没有统计的留空，不要填0。",
    aliases=("职工人数",),
    columns=(
        Column("employer", "单位名称", required=True, example="示例县第一小学", width=28, max_length=100),
        Column("union", "所属工会", aliases=("工会", "工会名称"), note="单位名称不重复时可以留空", width=24),
        Column("as_of", "截至日期", Kind.DATE, required=True, example="2025-12-31"),
        Column("staff", "职工人数", Kind.INTEGER, required=True, aliases=("职工",), example="86"),
        Column("women", "女职工", Kind.INTEGER, aliases=("女职工人数",)),
        Column("migrants", "农民工", Kind.INTEGER, aliases=("农民工人数",)),
    ),
)


@dataclass
class EmployerFinder:
    """Finds the employer that a cell means, within the unions of the import."""

    by_union: dict[tuple[int, str], Employer] = field(default_factory=dict)
    by_name: dict[str, list[Employer]] = field(default_factory=lambda: defaultdict(list))

    def find(self, name: str | None, union: Union | None) -> Employer | None:
        """Return the employer of that name in the union; without a union, the only one of that name."""
        key = plain(name)
        if union is not None:
            return self.by_union.get((union.pk, key))
        found = self.by_name.get(key, [])
        return found[0] if len(found) == 1 else None

    def add(self, employer: Employer) -> None:
        """Make an employer known."""
        self.by_union[employer.union_id, plain(employer.name)] = employer
        self.by_name[plain(employer.name)].append(employer)


def book_employers(book: BookContext) -> EmployerFinder:
    """Return the finder of employers of this import; the sheet 单位 adds those that it makes."""
    key = "organisations.employers"
    if key not in book.cache:
        finder = EmployerFinder()
        known = {union.pk: union for union in book_unions(book).by_code.values()}
        for employer in Employer.objects.within(book.actor.scope, IMPORT).order_by("pk"):
            if employer.union_id in known:
                employer.union = known[employer.union_id]
                finder.add(employer)
        book.cache[key] = finder
    finder_kept: EmployerFinder = book.cache[key]
    return finder_kept
