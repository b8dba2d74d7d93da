"""Hard values for the normalisers, put together at random from the pieces that break such code; the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Callable

# What people type before, between and behind: blanks of all kinds, full-width signs, labels, other people's separators.
BLANKS = ["", "", "", "", " ", "  ", "\u3000", "\u00a0", "\t", "\u200b", "\ufeff", "\u202a"]
SUFFIXES = ["cn", "com", "com.cn", "net.cn", "co.uk", "com.hk", "com.tw", "de", "io", "sh.cn", "gov.cn", "edu.cn", "co.jp", "com.au", "cn.com"]


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def spoilt(chance: random.Random, text: str, share: float = 0.2) -> str:
    """The text with one character lost, doubled, swapped in or written full-width, or as it was."""
    if chance.random() > share or not text:
        return text
    at = chance.randrange(len(text))
    return chance.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + chance.choice(".-_@+ ，。'#*\\张A0") + text[at:],
            text[:at] + full_width(text[at]) + text[at + 1 :],
            full_width(text),
            text.upper(),
        ]
    )


def email(chance: random.Random) -> str:
    word = lambda: chance.choice(["li", "Wang.Fang", "zhang_wei", "a", "o'neil", "x-y", "1380013", "SALES", "li..lei", ".li", "li.", "张三", "li+fair", "a" * 64, "b" * 65, "j!#$%&*/=?^`{|}~"])  # noqa: E731
    label = lambda: chance.choice(["hengchuan", "qq", "163", "a", "a-b", "-a", "a-", "ab--c", "xn--fiqs8s", "例子", "bücher", "a_b", "MAIL.Corp", "c" * 63, "d" * 64, "", "126"])  # noqa: E731
    top = lambda: chance.choice([*SUFFIXES, "中国", "公司.cn", "c", "1", "cn1", "example", "test", "corp.local", "museum"])  # noqa: E731
    address = f"{word()}@{label()}.{top()}"
    shape = chance.choice(["{}"] * 8 + ["<{}>", "Li Lei <{}>", "张三 <{}>", '"Li, Lei" <{}>', "mailto:{}", "邮箱：{}", "{};", "{}，b@c.cn", "{} b@c.cn", "{}（工作）", "{}/b@c.cn", "({})", "{}@"])
    return chance.choice(BLANKS) + spoilt(chance, shape.format(address)) + chance.choice(BLANKS)


def phone(chance: random.Random) -> str:
    digits = lambda count: "".join(chance.choice("0123456789") for _ in range(count))  # noqa: E731
    gap = lambda: chance.choice(["", "", "", "-", " ", "—", ".", "‑"])  # noqa: E731
    mobile = lambda: (lambda a, b: f"1{chance.choice('3456789')}{digits(1)}{a}{digits(4)}{b}{digits(4)}")(gap(), gap())  # noqa: E731
    area = lambda: chance.choice(["10", "20", "21", "22", "23", "24", "25", "27", "28", "29", "512", "571", "755", "769", "931", "991", "898", "319", "411"])  # noqa: E731
    local = lambda: chance.choice("2345678") + digits(chance.choice([6, 7, 7, 7])) # noqa: E731
    landline = lambda: chance.choice(["0{}-{}", "(0{}){}", "0{} {}", "0{}{}", "{}-{}", "0{}/{}", "（0{}）{}"]).format(area(), local())  # noqa: E731
    abroad = lambda: chance.choice(["+1 {}".format(chance.choice("23456789") + digits(9)), "+44 (0)20 7" + digits(7), "+44 20 7" + digits(7), "+49 30 " + digits(chance.choice([5, 7, 8])), "+81-3-" + digits(8), "+65 6" + digits(7), "+39 06 " + digits(8), "+33 0 1" + digits(8), "+61 2 " + digits(8), "+7 495 " + digits(7), "+971 4 " + digits(7), "+999 " + digits(8), "+" + digits(chance.choice([6, 9, 12, 15, 16]))])  # noqa: E731
    nearby = lambda: chance.choice(["852", "853", "886", "+852", "+853", "+886", "00852"]) + gap() + chance.choice(["9", "6", "2", "5", "09", "28", "1"]) + digits(7)  # noqa: E731
    number = chance.choice([mobile, mobile, landline, landline, abroad, nearby, lambda: "400" + gap() + digits(3) + gap() + digits(4), lambda: "800" + digits(7), lambda: digits(chance.choice([5, 7, 8, 10, 11, 12]))])()
    before = chance.choice([""] * 8 + ["+86", "86", "0086", "(+86)", "+86 ", "+86-", "Tel: ", "电话：", "0"])
    behind = chance.choice([""] * 8 + ["转801", " ext. 12", "-801", "#3", "/13900139000", "(微信同号)", "，李经理", " x7"])
    return chance.choice(BLANKS) + spoilt(chance, before + number + behind, 0.1) + chance.choice(BLANKS)


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]


def credit_code(chance: random.Random) -> str:
    body = chance.choice(["91", "92", "93", "11", "12", "51", "52", "53", "N1", "Y1", "A1", "54", "00", "13"])
    body += chance.choice(["110000", "310115", "440300", "330106", "320500", "810000", "000000", "99X999"])
    body += "".join(chance.choice(ALPHABET) for _ in range(9))
    total = sum(weight * ALPHABET.find(sign) for weight, sign in zip(WEIGHTS, body, strict=True))
    check = ALPHABET[-total % 31] if chance.random() < 0.7 else chance.choice(ALPHABET)
    code = spoilt(chance, body + check)
    if chance.random() < 0.2:
        code = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
    if chance.random() < 0.2:
        code = code.lower()
    if chance.random() < 0.1:
        code = code.replace("0", "O").replace("1", "I")
    return chance.choice(BLANKS) + code + chance.choice(BLANKS)


def domain(chance: random.Random) -> str:
    label = lambda: chance.choice(["hengchuan", "a", "a-b", "163", "shop", "www", "WWW", "m", "例子", "bücher", "xn--fiqs8s", "-a", "a_b", "com", "co", "gov", ""])  # noqa: E731
    top = chance.choice([*SUFFIXES, "公司.cn", "网络.cn", "中国", "公司", "ck", "co.ck", "com.kh", "or.jp", "ac.nz", "zj.cn", "hk.cn", "gz.cn", "com.br", "eng.br", "local", "corp", "c", "1", "cc"])
    host = ".".join([*(label() for _ in range(chance.choice([1, 1, 2, 2, 3]))), top])
    shape = chance.choice(["{}"] * 4 + ["http://{}", "https://{}/about?x=1#y", "HTTP://{}/", "//{}", "http:\\\\{}", "{}:8080", "user@{}", "{}.", "{}/首页", "官网：{}", "{}；b.com", "ftp://{}", "http:// {}"])
    return chance.choice(BLANKS) + spoilt(chance, shape.format(host), 0.15) + chance.choice(BLANKS)


NAMES = ["臺灣積體電路製造股份有限公司", "騰訊科技(深圳)有限公司", "華為技術有限公司", "陳麗華", "葉劍英", "鍾鎮濤", "蕭薔", "副總經理", "採購經理", "上海恒川科技", "Ltd.", "😀", "日本電気株式会社", "髙島屋", "乾隆", "著名", "瞭望", "干細胞"]


def simplified(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(NAMES) + chance.choice(NAMES)
    block = chance.choice([(0x4E00, 0x9FFF), (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x3041, 0x30FF), (0x20, 0x7E), (0xF900, 0xFAFF)])
    return "".join(chr(chance.randint(*block)) for _ in range(chance.randint(1, 4)))


def clean_text(chance: random.Random) -> str:
    signs = ["Ａ", "＠", "０", "～", "！", "a", "Z", " ", "\u3000", "\u00a0", "\u2009", "\u200b", "\ufeff", "\u202e", "\u00ad", "\t", "\n", "张", "é", "😀", "。", "、", "«", "½", "①", "ｱ", "\x07", "\u0301"]
    return "".join(chance.choice(signs) for _ in range(chance.randint(0, 8)))


GENERATORS: dict[str, Callable[[random.Random], str]] = {
    "clean_text": clean_text,
    "simplified": simplified,
    "email": email,
    "phone": phone,
    "credit_code": credit_code,
    "domain": domain,
}


def generated(name: str, count: int) -> list[str]:
    chance = random.Random(f"{name} 2026")
    return [GENERATORS[name](chance) for _ in range(count)]
