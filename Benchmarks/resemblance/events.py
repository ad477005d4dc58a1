"""What the stress set exchanges: the names of places, offices and months in ten languages, and the rules that find names."""
import collections
import re

# Each is exchanged for the next of its list, everywhere, so the sentences stay sentences of their language. No name is there in two
# cases of its declension: one for the other would be the same place.
PLACES = {
    "en": "China Russia France Germany Italy Spain Japan India London Paris Berlin Moscow Iran Canada",
    "de": "China Russland Frankreich Italien Spanien Japan Indien Berlin Hamburg München Köln Bayern Hessen Sachsen",
    "es": "China Rusia Francia Alemania Italia España Japón México Madrid Barcelona Sevilla Valencia Argentina Chile",
    "fr": "Chine Russie Allemagne Italie Espagne Japon Paris Lyon Marseille Bordeaux Lille Toulouse",
    "it": "Cina Russia Francia Germania Spagna Italia Roma Milano Napoli Torino Lombardia Veneto Toscana",
    "pl": "Polsce Niemczech Rosji Warszawie Krakowie Gdańsku Poznaniu Chinach Włoszech",
    "tr": "Türkiye Çin Rusya Almanya Fransa İtalya İstanbul Ankara İzmir Bursa",
    "ru": "России Китае Германии Франции Италии Москве Казани Омске Украины",
    "ar": "مصر السعودية العراق سوريا لبنان الأردن تونس المغرب الجزائر ليبيا الصين روسيا",
    "zh": "俄罗斯 法国 德国 意大利 西班牙 日本 印度 巴西 埃及 北京 上海 广东 浙江 四川 湖南",
}
OFFICES = {
    "ar": "الخارجية الدفاع الصحة التعليم الداخلية المالية الزراعة التجارة",
    "zh": "外交部 国防部 商务部 教育部 财政部 农业农村部 水利部 交通运输部 公安部",
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth",
    "de": "ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten",
    "es": "primera segunda tercera cuarta quinta sexta séptima octava novena décima",
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième",
    "it": "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
    "pl": "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy",
    "tr": "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci",
    "ru": "первый второй третий четвертый пятый шестой седьмой восьмой",
    "ar": "الأول الثاني الثالث الرابع الخامس السادس السابع الثامن",
    "zh": "第一 第二 第三 第四 第五 第六 第七 第八 第九 第十",
}
# Who and what takes the place of the names and the offices that a story has.
PERSONS = "Martin Keller,Laura Bianchi,Peter Novak,Anna Kovacs,Miguel Ortega,Sofia Lindqvist"
PERSONS_RUSSIAN = "Пётр Орлов,Анна Белова,Игорь Седов,Мария Лапина"
ABBREVIATIONS = "NATO FIFA UEFA NASA OPEC UNESCO ASEAN IKEA".split()
# Capitals that name no office: agencies, which the credit has, and what is no name.
NO_OFFICE = {"AFX", "DPA", "AFP", "OTS", "PAP", "ANSA", "COVID", "VIDEO", "FOTO", "CEO", "USA", "PDF", "SARS", "NEWS"}
NAME = re.compile(r"(?<=[^\W\d_] )[A-ZÀ-ÞА-ЯŁŚŻŹĆİŞÇĞÖÜ][a-zß-ÿа-яёąęłńśźżćğışç]{2,} [A-ZÀ-ÞА-ЯŁŚŻŹĆİŞÇĞÖÜ][a-zß-ÿа-яёąęłńśźżćğışç]{2,}\b")
# Not beside other capitals, nor at the beginning, where a place in capitals stands ("SANTO DOMINGO, RD.-").
ACRONYM = re.compile(r"(?<![A-ZА-Я] )(?<!\n)\b[A-ZА-Я]{3,5}\b(?![ -][A-ZА-Я]{2})")


def word(text, language):
    """A pattern for `text` as a word of its own; Chinese writes none apart."""
    return re.escape(text) if language == "zh" else rf"(?<!\w){re.escape(text)}(?!\w)"


def next_of(table, language):
    words = table.get(language, "").split()
    return dict(zip(words, words[1:] + words[:1]))


def exchange(text, changes, language):
    """All of `changes` at once, so that A for B and B for C do not meet."""
    if not changes:
        return text
    pattern = re.compile("|".join(word(w, language) for w in sorted(changes, key=len, reverse=True)))
    return pattern.sub(lambda m: changes[m[0]], text)


def names(text):
    return [m[0] for m in NAME.finditer(text)]


def is_written_one_way(word, text):
    """Whether a word has the same capitals wherever it stands: else exchanging it leaves some of it."""
    return len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text)) == len(re.findall(rf"(?i)\b{re.escape(word)}", text))


def renamed(text, language):
    """Other persons for the two most frequent names; a surname alone goes with its name."""
    pool = (PERSONS_RUSSIAN if language == "ru" else PERSONS).split(",")
    found = [n for n, _ in collections.Counter(names(text)).most_common() if text.count(n.split()[1]) >= 2 and is_written_one_way(n.split()[1], text)][:2]
    changes = {}
    for old, new in zip(found, pool):
        changes.update({old: new, old.split()[1]: new.split()[1]})
    return exchange(text, changes, language)


def other_offices(text, language):
    """Another abbreviation for each, or another ministry in scripts without capitals."""
    if language in OFFICES:
        return exchange(text, next_of(OFFICES, language), language)
    found = [a for a, _ in collections.Counter(ACRONYM.findall(text)).most_common() if a not in NO_OFFICE and is_written_one_way(a, text)][:2]
    free = [a for a in ABBREVIATIONS if a not in text]
    return exchange(text, dict(zip(found, free)), language)


def dates(text, language):
    """Months and years moved, and the days of a Chinese date."""
    moved = exchange(text, next_of(MONTHS, language), language)
    moved = re.sub(r"(?<!\d)(19|20)(\d\d)(?!\d)", lambda m: f"{m[1]}{(int(m[2]) + 3) % 100:02d}", moved)
    if language == "zh":
        moved = re.sub(r"(\d+)([月日])", lambda m: str(int(m[1]) % (12 if m[2] == "月" else 28) + 1) + m[2], moved)
    return moved


def ordinals(text, language):
    moved = exchange(text, next_of(ORDINALS, language), language)
    return re.sub(r"(?<![\d.,])(\d{1,2})(st|nd|rd|th|º|ª|ème|e|-й|-я|\. )(?=\W|$)", lambda m: f"{int(m[1]) + 1}{m[2]}", moved)


def misspelt(name):
    """Two letters of the last word change places, as a correction undoes it."""
    at = max(len(name) - 3, 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2:] if name[at] != name[at + 1] else name[:at] + name[at] + name[at:]
