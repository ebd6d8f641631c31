"""Figures about events, participants, results and their cost."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Count, Definition, Distinct, Flow, Ratio, Rows, Total, under
from zhijia.kernel.quantity import CountUnit

EVENTS, NAMED, RESULTS = "activities.event", "activities.participation", "activities.result"
SPLITS = ("field", "kind_code", "level")
PEOPLE = Total("attendance", "attendance_q")


def _kind(code: str) -> Any:
    return lambda row: under(row.kind_code, code)


def _events(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    return Count(
        f"activities.{key}", label, definition, CountUnit.EVENT, EVENTS, Rows(), Flow(), where, SPLITS
    )


def _people(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    unit = CountUnit.PERSON_TIME
    return Count(f"activities.{key}", label, definition, unit, EVENTS, PEOPLE, Flow(), where, SPLITS)


def _output(key: str, label: Any, definition: Any, unit: CountUnit, code: str = "") -> Count:
    def where(row: Any) -> Any:
        wanted = row.output_unit == unit.value
        return wanted & under(row.kind_code, code) if code else wanted

    return Count(
        f"activities.{key}",
        label,
        definition,
        unit,
        EVENTS,
        Total("output", "output_q"),
        Flow(),
        where,
        SPLITS,
    )


def _prizes(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    return Count(
        f"activities.{key}",
        label,
        definition,
        CountUnit.ITEM,
        RESULTS,
        Rows(),
        Flow(),
        where,
        ("level", "winner_kind"),
    )


def _level(code: str) -> Any:
    return lambda row: row.level == code


def _seen(row: Any) -> Any:
    return row.audience.notnull()


def _costed(row: Any) -> Any:
    return row.cost.notnull() & row.attendance.notnull()


FIGURES: tuple[Definition, ...] = (
    _events("events", _("活动场次"), _("本期举办或参加的各类活动。")),
    _people(
        "person_times", _("活动参加人次"), _("各次活动参加人次之和；有实名名单的按名单，其余按登记的人次。")
    ),
    Count(
        "activities.persons",
        _("实名参加人数"),
        _("本期有实名记录的参加者，每人只计一次。"),
        CountUnit.PERSON,
        NAMED,
        Distinct("person_id"),
        Flow(),
        None,
        ("kind_code",),
    ),
    Count(
        "activities.audience",
        _("观众人次"),
        _("登记了观众人次的活动的观众人次之和。"),
        CountUnit.PERSON_TIME,
        EVENTS,
        Total("audience", "audience_q"),
        Flow(),
        _seen,
        SPLITS,
        base=_seen,  # most events have no audience: those are not unknown, but prove nothing either
    ),
    Count(
        "activities.cost",
        _("活动经费"),
        _("各次活动登记的经费之和。"),
        CountUnit.FEN,
        EVENTS,
        Total("cost"),
        Flow(),
        None,
        SPLITS,
    ),
    Count(
        "activities.cost_attended",
        _("经费和人次齐全的活动的经费"),
        _("同时登记了经费和参加人次的各次活动的经费之和。"),
        CountUnit.FEN,
        EVENTS,
        Total("cost"),
        Flow(),
        _costed,
        SPLITS,
    ),
    _people(
        "people_costed",
        _("经费和人次齐全的活动的参加人次"),
        _("同时登记了经费和参加人次的各次活动的参加人次之和。"),
        _costed,
    ),
    Ratio(
        "activities.cost_per_head",
        _("人均活动经费"),
        _("同时登记了经费和参加人次的活动，其经费除以参加人次。"),
        CountUnit.FEN,
        "activities.cost_attended",
        "activities.people_costed",
    ),
    _events("culture", _("文体活动场次"), _("本期文化体育类活动。"), _kind("culture")),
    _people("culture_people", _("文体活动参加人次"), _("文化体育类活动参加人次之和。"), _kind("culture")),
    _events("sport", _("体育活动场次"), _("本期体育类活动。"), _kind("culture.sport")),
    _people("sport_people", _("体育活动参加人次"), _("体育类活动参加人次之和。"), _kind("culture.sport")),
    _events(
        "skills", _("劳动和技能竞赛场次"), _("本期劳动竞赛、岗位练兵、技术比武等活动。"), _kind("skills")
    ),
    _people("skills_people", _("劳动和技能竞赛参加人次"), _("劳动和技能竞赛参加人次之和。"), _kind("skills")),
    _events("training", _("培训期数"), _("本期培训和学习活动。"), _kind("training")),
    _people("training_people", _("培训人次"), _("培训和学习活动参加人次之和。"), _kind("training")),
    _events("officer_training", _("工会干部培训期数"), _("本期工会干部培训。"), _kind("training.officer")),
    _people(
        "officer_training_people",
        _("工会干部培训人次"),
        _("工会干部培训参加人次之和。"),
        _kind("training.officer"),
    ),
    _events("health", _("健康服务场次"), _("本期体检、义诊和健康讲座。"), _kind("health")),
    _people("health_people", _("健康服务人次"), _("体检、义诊和健康讲座参加人次之和。"), _kind("health")),
    _people("checkups", _("体检人次"), _("体检参加人次之和。"), _kind("health.check")),
    Count(
        "activities.blood",
        _("无偿献血人数"),
        _("各次无偿献血的献血人数之和。"),
        CountUnit.PERSON,
        EVENTS,
        PEOPLE,
        Flow(),
        _kind("volunteer.blood"),
        SPLITS,
    ),
    _events("volunteer", _("志愿服务场次"), _("本期志愿服务活动。"), _kind("volunteer")),
    _people("volunteer_people", _("志愿服务人次"), _("志愿服务参加人次之和。"), _kind("volunteer")),
    _people("recuperation", _("疗休养人次"), _("疗休养参加人次之和。"), _kind("recuperation")),
    _events("women", _("女职工活动场次"), _("本期女职工活动。"), _kind("women")),
    _people("women_people", _("女职工活动参加人次"), _("女职工活动参加人次之和。"), _kind("women")),
    _events(
        "democracy",
        _("民主管理活动场次"),
        _("本期职代会、民主测评、事务公开等民主管理活动。"),
        _kind("democracy"),
    ),
    _events("inspections", _("检查督查场次"), _("本期工作检查、安全检查和代表巡视。"), _kind("inspection")),
    _events("publicity", _("宣传活动场次"), _("本期信息报送和宣传活动。"), _kind("publicity")),
    _events("visits", _("走访交流场次"), _("本期走访慰问、参观学习和结对共建。"), _kind("visit")),
    _output("articles", _("征文和文章篇数"), _("各次活动登记的篇数之和。"), CountUnit.ARTICLE),
    _output("copies", _("问卷和资料份数"), _("各次活动登记的份数之和。"), CountUnit.COPY),
    _output("essays", _("征文篇数"), _("征文活动送交的篇数之和。"), CountUnit.ARTICLE, "culture.essay"),
    _output("questionnaires", _("问卷份数"), _("问卷调查下发的份数之和。"), CountUnit.COPY, "survey"),
    _output("suggestions", _("合理化建议条数"), _("各次活动登记的建议条数之和。"), CountUnit.SUGGESTION),
    _prizes("prizes", _("获奖项数"), _("本期获得的名次和奖项。")),
    _prizes("prizes_county", _("县级奖项"), _("本期获得的县级奖项。"), _level("county")),
    _prizes("prizes_city", _("市级奖项"), _("本期获得的市级奖项。"), _level("city")),
    _prizes("prizes_province", _("省级奖项"), _("本期获得的省级奖项。"), _level("province")),
    _prizes("prizes_nation", _("国家级奖项"), _("本期获得的国家级奖项。"), _level("nation")),
    _prizes("team_prizes", _("团体奖项"), _("本期获得的团体奖项。"), lambda row: row.winner_kind == "team"),
    Count(
        "activities.winners",
        _("个人获奖人次"),
        _("个人奖项获奖人次之和。"),
        CountUnit.PERSON_TIME,
        RESULTS,
        Total("winners", "winners_q"),
        Flow(),
        lambda row: row.winner_kind == "person",
        ("level",),
    ),
)
