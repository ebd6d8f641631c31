"""The sheet 会员 of the year workbook, and how all sheets find their person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _t

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.organisations.models import Union
from zhijia.kernel.chinese import normalise
from zhijia.kernel.identity import check_id_number
from zhijia.kit.sheets import BookContext, Column, Kind, Sheet

IMPORT = "books.import"
CACHE = "members.persons"
FAILED = "person"

STATES = (
    ("active", "在籍"),
    ("retained", "保留会籍"),
    ("resigned", "退会"),
    ("transferred_out", "转出"),
    ("expelled", "除名"),
    ("deceased", "死亡"),
)
STARTS = ((Membership.Start.JOINED.value, "入会"), (Membership.Start.TRANSFERRED_IN.value, "转入"))
_ID_ALIASES = ("身份证号", "公民身份号码", "身份证号码", "身份证")

MEMBERSHIPS = Sheet(
    key="memberships",
    title="会员",
    load="zhijia.areas.members.sheets.load_members.load",
    note="每人每段会籍一行：退会后又入会、转出后又转入的，分两行填写。没有的内容留空。",
    aliases=("会员名册", "会员信息", "会员登记表", "会籍"),
    columns=(
        Column(
            "name", "姓名", Kind.NAME, required=True, aliases=("会员姓名",), example="张三", max_length=50
        ),
        Column(
            "id_type",
            "证件类型",
            Kind.CHOICE,
            choices=tuple(Person.IdType.choices),
            note="留空为居民身份证",
            example="居民身份证",
        ),
        Column(
            "id_number",
            "证件号码",
            required=True,
            aliases=_ID_ALIASES,
            note="单元格请设为文本格式",
            example="999001199003071010",
            width=22,
            max_length=30,
        ),
        Column("sex", "性别", Kind.CHOICE, choices=tuple(Person.Sex.choices), note="居民身份证可留空"),
        Column("born_on", "出生日期", Kind.DATE, aliases=("出生年月日",), note="居民身份证可留空"),
        Column(
            "union",
            "所属工会",
            aliases=("工会名称", "工会"),
            note="编码或者名称；只有一个工会时可以留空",
            example="E01",
            width=24,
        ),
        Column("employer", "工作单位", aliases=("单位名称", "单位"), width=24, max_length=100),
        Column("ethnicity", "民族", max_length=20),
        Column("education", "学历", aliases=("文化程度",), max_length=20),
        Column("politics", "政治面貌", max_length=20),
        Column("phone", "移动电话", Kind.PHONE, aliases=("手机", "手机号", "手机号码", "联系电话")),
        Column("migrant", "是否农民工", Kind.YESNO, aliases=("农民工",)),
        Column("new_form", "新就业形态", Kind.YESNO, aliases=("新就业形态劳动者", "是否新就业形态")),
        Column(
            "starts_on",
            "入会日期",
            Kind.DATE,
            required=True,
            aliases=("入会时间",),
            example="2020-09-01",
        ),
        Column("start_cause", "入会方式", Kind.CHOICE, choices=STARTS, note="入会、转入；留空为入会"),
        Column("state", "会籍状态", Kind.CHOICE, choices=STATES, note="留空为在籍", example="在籍"),
        Column("changed_on", "变动日期", Kind.DATE, aliases=("变更日期",), note="状态不是在籍时必填"),
        Column("card_no", "会员证号", aliases=("会员卡号", "服务卡号"), max_length=30),
        Column("post", "岗位", aliases=("职务", "部门/岗位"), max_length=50),
        Column("dues_base", "会费基数(元)", Kind.MONEY, aliases=("会费基数", "会费基数（元）")),
    ),
)


def number_of(text: str) -> str:
    """Return a cell as a document's number: the 18 digits of an identity card, else the plain capitals."""
    try:
        return check_id_number(text).number
    except ValueError:
        return normalise(text).replace(" ", "").upper()


@dataclass
class PersonFinder:
    """Finds the person that a cell means: by number, or by name when it is unique within the union.

    The files of a union are read at its first use, so a book of one union costs one query.
    """

    book: BookContext
    by_number: dict[str, Person | None] = field(default_factory=dict)
    by_name: dict[int, dict[str, list[Person]]] = field(default_factory=dict)

    def find(self, text: str | None, union: Union | None = None) -> Person | None:
        """Return the person in the importer's reach, or None for none or more than one; see ``advice``."""
        if not text:
            return None
        if union is not None:
            self._read(union)
        if any(sign.isdigit() for sign in text):
            return self._numbered(number_of(text))
        named = self.by_name[union.pk].get(normalise(text), []) if union is not None else []
        return named[0] if len(named) == 1 else None

    def advice(self, text: str | None, union: Union | None = None) -> str | None:
        """Say what to do where ``find`` gave None; None when the person's own row failed in this book."""
        plain = normalise(text or "")
        failed = self.book.failed[FAILED] | self.book.failed["membership"]
        if plain in failed or number_of(plain) in failed:
            return None
        named = self.by_name.get(union.pk, {}).get(plain, []) if union is not None else []
        if len(named) > 1:
            return _t("该工会有%(count)d人叫“%(name)s”，请改填证件号码。") % {
                "count": len(named),
                "name": plain,
            }
        return _t("找不到此人，请先在“会员”表登记，或者核对姓名、证件号码和所属工会。")

    def _numbered(self, number: str) -> Person | None:
        if number not in self.by_number:
            reach = Person.objects.within(self.book.actor.scope, IMPORT)
            self.by_number[number] = reach.filter(id_index=number).first()
        return self.by_number[number]

    def _read(self, union: Union) -> None:
        if union.pk in self.by_name:
            return
        named: dict[str, list[Person]] = defaultdict(list)
        for person in Person.objects.within(self.book.actor.scope, IMPORT).filter(union=union):
            named[person.name].append(person)
            if person.id_number:
                self.by_number[person.id_number] = person
        self.by_name[union.pk] = named


def book_persons(book: BookContext) -> PersonFinder:
    """Return the finder of this import; made again after the sheet 会员 was loaded."""
    if CACHE not in book.cache:
        book.cache[CACHE] = PersonFinder(book)
    finder: PersonFinder = book.cache[CACHE]
    return finder
