"""Chinese names: pinyin and Wade–Giles, read syllable by syllable, and forms of characters."""

from __future__ import annotations

from functools import lru_cache

from schema.indexing.syllables import are_few, cuts, pairs

_LONGEST = 6
"""The letters of the longest syllable."""
_FINALS = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve yu",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve yu",
    "g k h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j q x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh ch sh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z c s": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_WADE_INITIALS = pairs("b=p d=t g=k j=ch q=ch x=hs zh=ch r=j z=ts c=ts")
_WADE_FINALS = pairs("ong=ung iong=iung ian=ien ie=ieh ue=ueh uo=o er=erh")
_WADE_WHOLE = pairs(
    "zi=tzu ci=tzu si=ssu zhi=chih chi=chih shi=shih ri=jih ge=ko ke=ko he=ho guo=kuo kuo=kuo "
    "huo=huo shuo=shuo gui=kuei kui=kuei you=yu ye=yeh yan=yen yong=yung yue=yueh"
)
_KNOWN = (
    "li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang "
    "song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lv lyu lu "
    "su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian ren fan fang shi yao tan "
    "liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan lei "
    "qian yin chang qiao lai gong wen xi bo hua mo ouyang sima zhuge"
)
_SURNAMES = frozenset(_KNOWN.split())
_FORMS = str.maketrans(
    "張劉陳趙楊黃吳習鄧葉許孫馬羅鄭謝韓馮蔣錢賴龍鐘盧蘇呂賈鄒閻譚溫萬範嚴華東國偉軍強"
    "榮慶靜麗愛業學澤濤錦鵬飛俠會來寶兒劍雲義禮聖亞維衛紅蘭歐陽閔紀齊嶽倫達遠進選銀鐵"
    "長陸陰顧魯灣將實寧豐貴輝勝勵勳鳳獻樹權機",
    "张刘陈赵杨黄吴习邓叶许孙马罗郑谢韩冯蒋钱赖龙钟卢苏吕贾邹阎谭温万范严华东国伟军强"
    "荣庆静丽爱业学泽涛锦鹏飞侠会来宝儿剑云义礼圣亚维卫红兰欧阳闵纪齐岳伦达远进选银铁"
    "长陆阴顾鲁湾将实宁丰贵辉胜励勋凤献树权机",
)


def simplified(text: str) -> str:
    """Text with the commonest traditional characters of names in their simplified form."""
    return text if text.isascii() else text.translate(_FORMS)


def _syllables() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """The syllables of pinyin, and of Wade–Giles with the syllables of pinyin they may be."""
    pinyin: set[str] = set()
    wade: dict[str, set[str]] = {}
    for initials, finals in _FINALS.items():
        for initial in initials.split() or [""]:
            for final in finals.split():
                whole = initial + final
                pinyin.add(whole)
                written = _WADE_WHOLE.get(whole) or (
                    _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)
                )
                for spelled in {written, written.replace("ss", "sz")}:
                    wade.setdefault(spelled, set()).add(whole)
                if initial in ("z", "c") and final == "e":
                    wade.setdefault("tse", set()).add(whole)
    return frozenset(pinyin), {key: frozenset(value) for key, value in wade.items()}


_PINYIN, _WADE = _syllables()


def _pinyin(letters: str) -> frozenset[str] | None:
    """The syllables of pinyin that letters may be, if any."""
    if letters in ("lv", "lyu", "nv", "nyu"):  # ü loses its dots
        return frozenset({letters, f"{letters[0]}v", f"{letters[0]}yu", f"{letters[0]}u"})
    return frozenset({letters}) if letters in _PINYIN else None


def _wade(letters: str) -> frozenset[str] | None:
    """The same, where they may be Wade–Giles as well."""
    meant = _WADE.get(letters, frozenset()) | (_pinyin(letters) or frozenset())
    return meant or None


@lru_cache(2_000)
def readings(part: str, *, wade: bool) -> list[tuple[frozenset[str], ...]]:
    """The syllables of pinyin that a folded part may be, in every way to cut it."""
    return cuts(part, _LONGEST, _wade if wade else _pinyin)


def is_wade(parts: tuple[str, ...], *, hyphenated: bool) -> bool:
    """Whether a name may be written in Wade–Giles: with a hyphen, or in syllables of its own."""
    if hyphenated:
        return True
    return all(readings(part, wade=True) for part in parts) and not all(
        readings(part, wade=False) for part in parts
    )


def same(one: str, other: str, *, wade: tuple[bool, bool]) -> bool:
    """Whether two folded parts may be one in pinyin."""
    theirs = readings(other, wade=wade[1])
    return any(
        len(mine) == len(way) and not any(a.isdisjoint(b) for a, b in zip(mine, way, strict=True))
        for mine in readings(one, wade=wade[0])
        for way in theirs
    )


def is_person(parts: tuple[str, ...], *, wade: bool) -> bool:
    """Whether folded parts make a Chinese person's name: a surname at either end, few syllables."""
    ways = [readings(part, wade=wade) for part in parts]
    if not all(ways):
        return False
    if not any(
        end in _SURNAMES or any(len(way) == 1 and way[0] & _SURNAMES for way in ways[at])
        for at, end in ((0, parts[0]), (-1, parts[-1]))
    ):
        return False
    return are_few(ways)
