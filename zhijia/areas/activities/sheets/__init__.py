"""The sheets 活动 and 活动成绩 of the year workbook; ``load_activities`` and ``load_results`` read them."""

from __future__ import annotations

from zhijia.areas.activities.models import HostLevel, Result
from zhijia.areas.activities.queries import kinds
from zhijia.kernel.quantity import CountUnit
from zhijia.kit.sheets import Column, Kind, Sheet, Text

HERE = "zhijia.areas.activities.sheets"
# What an event can bring forth; money and shares are no output, and unions are counted elsewhere.
OUTPUT_UNITS = tuple(
    unit for unit in CountUnit if unit not in (CountUnit.FEN, CountUnit.PERCENT, CountUnit.UNION)
)


def kind_options() -> list[tuple[str, Text]]:
    """Code and name of each kind that may be chosen."""
    return [(kind.code, str(kind)) for kind in kinds()]


def unit_options() -> list[tuple[str, Text]]:
    """Code and counting word of each unit of an output."""
    return [(unit.value, unit.label) for unit in OUTPUT_UNITS]


ACTIVITIES = Sheet(
    key="activities",
    title="活动",
    load=f"{HERE}.load_activities.load",
    note="每次活动一行。不知道的数量请留空，不要填0；余、近、约、超过等字请保留。",
    aliases=("活动台账", "活动登记", "活动记录"),
    columns=(
        Column("union", "所属工会", required=True, aliases=("工会", "工会名称"), example="E01", width=24),
        Column(
            "name",
            "活动名称",
            required=True,
            aliases=("名称", "活动"),
            example="教职工趣味运动会",
            width=28,
            max_length=120,
        ),
        Column(
            "kind",
            "种类",
            Kind.CHOICE,
            required=True,
            aliases=("活动种类", "活动类别", "类别"),
            choices=f"{HERE}.kind_options",
            example="运动会",
        ),
        Column(
            "held_on",
            "日期",
            Kind.DATE,
            required=True,
            aliases=("活动日期", "开始日期", "活动时间"),
            example="2025-05-12",
        ),
        Column("ended_on", "结束日期", Kind.DATE, note="当天结束的留空"),
        Column(
            "host_level",
            "主办层级",
            Kind.CHOICE,
            aliases=("层级",),
            choices=tuple(HostLevel.choices),
            note="留空按校级（单位级）",
        ),
        Column("host", "主办单位", max_length=100, width=20),
        Column("venue", "地点", aliases=("活动地点",), max_length=100, width=20),
        Column(
            "people",
            "参加人次",
            Kind.QUANTITY,
            aliases=("参加人数", "人次"),
            unit=CountUnit.PERSON_TIME,
            example="300余",
            note="填写了参加人员时，以人员名单为准",
        ),
        Column(
            "audience", "观众人次", Kind.QUANTITY, aliases=("观众人数", "观众"), unit=CountUnit.PERSON_TIME
        ),
        Column("output", "成果数量", aliases=("成果",), note="例如 30余篇、100余份", example="30余篇"),
        Column(
            "output_unit",
            "成果单位",
            Kind.CHOICE,
            choices=f"{HERE}.unit_options",
            note="成果数量里已写明单位的可以留空",
        ),
        Column("cost", "经费", Kind.MONEY, aliases=("经费(元)", "经费（元）", "金额", "支出"), note="元"),
        Column(
            "persons",
            "参加人员",
            aliases=("参加人员名单", "名单"),
            note="姓名或身份证号，用顿号隔开；须已在“会员”表登记",
            max_length=5000,
            width=30,
        ),
        Column("note", "说明", aliases=("备注",), max_length=1000, width=28),
    ),
)

RESULTS = Sheet(
    key="results",
    title="活动成绩",
    load=f"{HERE}.load_results.load",
    note="每项名次或奖项一行；活动须已在“活动”表登记。",
    aliases=("成绩", "获奖情况", "比赛成绩"),
    columns=(
        Column("union", "所属工会", required=True, aliases=("工会", "工会名称"), example="E01", width=24),
        Column(
            "activity",
            "活动名称",
            required=True,
            aliases=("活动", "赛事名称"),
            example="教职工趣味运动会",
            width=28,
            max_length=120,
        ),
        Column("held_on", "活动日期", Kind.DATE, note="同名活动有几次时填写"),
        Column(
            "winner_kind",
            "获奖类别",
            Kind.CHOICE,
            required=True,
            aliases=("个人/团体", "个人或团体"),
            choices=tuple(Result.Winner.choices),
            example="团体",
        ),
        Column(
            "winner",
            "获奖者",
            required=True,
            aliases=("获奖人", "获奖单位", "获奖者姓名"),
            example="教职工女子乒乓球队",
            width=20,
            max_length=100,
        ),
        Column("item", "项目", aliases=("比赛项目",), example="女子团体", max_length=60),
        Column(
            "rank",
            "名次或等级",
            required=True,
            aliases=("名次", "等级", "奖次"),
            example="第一名",
            max_length=40,
        ),
        Column(
            "level",
            "奖项层级",
            Kind.CHOICE,
            aliases=("获奖级别", "层级"),
            choices=tuple(HostLevel.choices),
            note="留空按校级（单位级）",
        ),
        Column(
            "people",
            "获奖人次",
            Kind.QUANTITY,
            aliases=("获奖人数",),
            unit=CountUnit.PERSON_TIME,
            note="个人奖项留空按获奖者人数",
        ),
        Column("awarded_on", "获奖日期", Kind.DATE, aliases=("颁奖日期",), note="留空按活动日期"),
    ),
)
