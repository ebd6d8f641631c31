# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""Names of nobody: the parts that the demo's people are called by, and of places that do not exist."""

from __future__ import annotations

from random import Random

from zhijia.config.demo.model import Sex

SURNAMES = (
    "王李张刘陈杨黄赵吴周" * 4
    + "徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    + "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
DOUBLE = ("欧阳", "司马", "上官", "诸葛", "皇甫")
FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰燕红梅莉萍慧婷雪琳洁颖倩蓉薇璐瑶怡佳悦欣雯彤菲嘉韵岚菁黛"
MALE = "伟强磊军洋勇杰涛明超刚平辉鹏飞浩宇航峰斌波凯健俊帆鑫博志国建华林海东旭晨毅恒川栋楠钧铭翔"
BOTH = "文子思雨晓小春秋云清宁安若书一可亦乐心言语远之景知和"
RARE = ("翀", "喆", "昶", "堃", "犇", "祎", "㛃", "𬭎")

TOWNS = (
    "青溪镇", "白鹭镇", "石桥镇", "柳河镇", "安平镇", "龙湾镇", "双泉镇",
    "梅岭镇", "沙洲镇", "河口镇", "竹园乡", "云台乡", "枫林乡", "大坪乡",
)  # fmt: skip
VILLAGES = (
    "红星", "新民", "上坝", "下河", "长岭", "金沟", "南庄", "北塘", "桃园", "杏花",
    "松林", "高桥", "清水", "前进", "光明", "团结", "和平", "新村", "大湾", "小寨",
    "荷塘", "玉泉", "东岗", "西坪", "永丰", "三合", "四方", "五里", "马鞍", "凤山",
)  # fmt: skip
POSITIONS = ("教师", "教师", "教师", "教师", "教师", "班主任", "班主任", "教辅人员", "行政人员", "后勤人员")
GROUPS = ("高一年级组", "高二年级组", "高三年级组")


def full_name(rng: Random, sex: Sex) -> str:
    """Return a name of two or three characters, now and then a double surname or a rare character."""
    surname = rng.choice(DOUBLE) if rng.random() < 0.004 else rng.choice(SURNAMES)
    pool = (FEMALE if sex == "female" else MALE) + BOTH
    luck = rng.random()
    if luck < 0.004:
        return surname + rng.choice(RARE)
    if luck < 0.16:
        return surname + rng.choice(pool)
    return surname + rng.choice(pool) + rng.choice(pool)


def new_name(rng: Random, sex: Sex, taken: set[str]) -> str:
    """Return a name that nobody has yet, or after some tries one that two people share."""
    name = full_name(rng, sex)
    for _try in range(3):
        if name not in taken:
            break
        name = full_name(rng, sex)
    taken.add(name)
    return name
