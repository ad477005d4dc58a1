#!/usr/bin/env python3
"""fields.py COPYTASTER [FOLDER]: how many of the fields that other readers find in agency files does `copytaster read` find?

The oracle is independent: lxml, feedparser, Python's email and json, with field by field the place that the format's own
specification names. A field counts where the oracle finds a value; it is right where copytaster states the same: times as
points in time, lists as sets, texts by their words. Prints a line a format and field, and what is wrong with --wrong.

Needs lxml, feedparser and python-dateutil (pip install). FOLDER is ../shared/data/formats-train, beside the checkout, unless
told otherwise; it is not part of the project.
"""
import argparse, collections, email, email.policy, html, json, pathlib, re, subprocess, sys, warnings

try:
    import feedparser
    from dateutil import parser as dates
    from lxml import etree, html as lhtml
except ImportError as error:
    sys.exit(f"fields.py: {error}; pip install lxml feedparser python-dateutil")
warnings.filterwarnings("ignore")

NS = re.compile(r"^\{[^}]*\}")


def strip(tree):
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.tag = NS.sub("", element.tag)
    return tree


def text(element):
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def words(markup):
    """The words of an HTML fragment or a plain text."""
    if "<" in markup or "&" in markup:
        try:
            tree = lhtml.fromstring("<div>" + markup + "</div>")
            for silent in tree.xpath("//script|//style"):
                silent.drop_tree()
            for element in tree.iter():
                element.tail = " " + (element.tail or "")
                element.text = " " + (element.text or "")
            markup = tree.text_content()
        except Exception:
            pass
    return re.findall(r"\w+", markup)


def spaced(element):
    """Text with a blank at every element's end: block elements part words."""
    inline = {"em", "b", "i", "strong", "a", "span", "person", "org", "location", "money", "chron", "num", "function", "q", "city", "event", "virtloc", "sub", "sup", "u", "country", "state", "object.title", "postaddr", "copyrite", "frac"}
    out = []

    def walk(e):
        if not isinstance(e.tag, str) or e.tag in ("script", "style", "media", "head"):
            pass
        else:
            if e.tag not in inline: out.append(" ")
            out.append(e.text or "")
            for child in e:
                walk(child)
                out.append(child.tail or "")
            if e.tag not in inline: out.append(" ")
    walk(element)
    return " ".join("".join(out).split())


def first(root, *paths):
    for path in paths:
        for found in root.xpath(path):
            value = found.strip() if isinstance(found, str) else text(found)
            value = " ".join(value.split())
            if value:
                return value
    return None


def every(root, *paths):
    found = []
    for path in paths:
        for one in root.xpath(path):
            value = " ".join((one if isinstance(one, str) else text(one)).split())
            if value:
                found.append(value)
    return found


def nitf(root):
    body = root.xpath("body/body.content")
    yield {
        "headline": first(root, "body/body.head/hedline/hl1", "head/title"),
        "byline": first(root, "body/body.head/byline/person", "body/body.head/byline"),
        "dateline": first(root, "body/body.head/dateline"),
        "guid": first(root, "head/docdata/doc-id/@id-string"),
        "versioncreated": first(root, "head/docdata/date.issue/@norm"),
        "urgency": first(root, "head/docdata/urgency/@ed-urg"),
        "pubstatus": first(root, "head/docdata/@management-status"),
        "subject": every(root, "head//tobject.subject/@tobject.subject.refnum"),
        "keyword": every(root, "head/docdata/key-list/keyword/@key"),
        "copyright": first(root, "head/docdata/doc.copyright/@holder"),
        "ednote": first(root, "head/docdata/ed-msg/@info"),
        "slugline": first(root, "head/meta[@name='anpa-keyword']/@content", "head/meta[@name='slug']/@content"),
        "description": first(root, "body/body.head/abstract/p"),
        "infosource": first(root, "body/body.head/distributor"),
        "language": first(root, "@baselang"),
        "body": spaced(body[0]) if body else None,
    }


def g2items(root):
    return [root] if root.tag != "newsMessage" else root.xpath("itemSet/*")


def g2(root):
    for item in g2items(root):
        if item.tag not in ("newsItem", "packageItem"):
            continue
        body = None
        for content in item.xpath("contentSet/inlineXML"):
            inner = content.xpath(".//body.content") or content.xpath(".//body") or list(content)
            if inner: body = spaced(inner[0])
            break
        else:
            for content in item.xpath("contentSet/inlineData[not(@encoding)]"):
                body = " ".join(words(content.text or ""))
                break
        subjects = every(item, "contentMeta/subject/@qcode")
        yield {
            "guid": item.get("guid"), "version": item.get("version"),
            "headline": first(item, "contentMeta/headline[@role='hld:main']", "contentMeta/headline"),
            "slugline": first(item, "contentMeta/slugline"),
            "byline": first(item, "contentMeta/by"),
            "versioncreated": first(item, "itemMeta/versionCreated"),
            "contentcreated": first(item, "contentMeta/contentCreated"),
            "embargoed": first(item, "itemMeta/embargoed"),
            "pubstatus": first(item, "itemMeta/pubStatus/@qcode"),
            "urgency": first(item, "contentMeta/urgency"),
            "language": first(item, "contentMeta/language/@tag"),
            "subject": subjects, "keyword": every(item, "contentMeta/keyword"),
            "usageterms": first(item, "rightsInfo/usageTerms"),
            "copyright": first(item, "rightsInfo/copyrightHolder/name", "rightsInfo/copyrightHolder/@literal"),
            "ednote": every(item, "itemMeta/edNote"),
            "located": first(item, "contentMeta/located/name"),
            "infosource": first(item, "contentMeta/infoSource/name", "contentMeta/infoSource/@literal"),
            "dateline": first(item, "contentMeta/dateline"),
            "altid": every(item, "contentMeta/altId"),
            "signal": every(item, "itemMeta/signal/@qcode"),
            "body": body if item.tag == "newsItem" else None,
        }


def newsml1(root):
    for item in root.xpath("NewsItem"):
        data = item.xpath(".//ContentItem[not(MediaType) or MediaType/@FormalName='Text']/DataContent")
        yield {
            "guid": first(item, "Identification/NewsIdentifier/PublicIdentifier"),
            "version": first(item, "Identification/NewsIdentifier/RevisionId"),
            "headline": first(item, ".//NewsLines/HeadLine"), "byline": first(item, ".//NewsLines/ByLine"),
            "dateline": first(item, ".//NewsLines/DateLine"), "slugline": first(item, ".//NewsLines/SlugLine"),
            "versioncreated": first(item, "NewsManagement/ThisRevisionCreated"),
            "contentcreated": first(item, "NewsManagement/FirstCreated"),
            "pubstatus": first(item, "NewsManagement/Status/@FormalName"),
            "urgency": first(item, "NewsManagement/Urgency/@FormalName"),
            "keyword": every(item, ".//NewsLines/KeywordLine"), "copyright": first(item, ".//NewsLines/CopyrightLine"),
            "language": first(item, ".//DescriptiveMetadata/Language/@FormalName"),
            "infosource": first(item, ".//AdministrativeMetadata/Provider/Party/@FormalName"),
            "body": spaced((data[0].xpath(".//body.content") or data)[0]) if data and len(data[0]) else (" ".join(words(data[0].text or "")) if data else None),
        }


def ninjs(document):
    def unwrap(value):
        if isinstance(value, list): return [x for v in value for x in unwrap(v)]
        if not isinstance(value, dict): return []
        keys = {k.lower() for k in value}
        if keys & {"versioncreated", "headline", "headlines", "bodies"} or ("uri" in keys and "title" in keys): return [value]
        for key in ("data", "item", "items"):
            if key in value: return unwrap(value[key])
        return []
    for item in unwrap(document):
        low = {k.lower(): v for k, v in item.items()}

        def role(name, *roles):
            values = [{k.lower(): v for k, v in one.items()} for one in low.get(name) or [] if isinstance(one, dict)]
            for r in roles:
                for one in values:
                    if one.get("role") == r: return one.get("value")
            return values[0].get("value") if values else None

        def names(key):
            value = low.get(key)
            value = value if isinstance(value, list) else [value] if value else []
            return [one.get("name") if isinstance(one, dict) else str(one) for one in value]
        bodies = [{k.lower(): v for k, v in one.items()} for one in low.get("bodies") or []]
        rich = [one for one in bodies if "html" in (one.get("contenttype") or "")]
        body = (rich or bodies or [{}])[0].get("value") or low.get("body_xhtml") or low.get("body_html") or low.get("body_text")
        yield {
            "guid": low.get("uri"), "version": low.get("version"), "versioncreated": low.get("versioncreated"),
            "contentcreated": low.get("contentcreated") or low.get("firstcreated"), "pubstatus": low.get("pubstatus"),
            "urgency": low.get("urgency"), "language": low.get("language"), "slugline": low.get("slugline"),
            "ednote": low.get("ednote"), "headline": role("headlines", "main") or low.get("headline") or low.get("title"),
            "byline": low.get("byline") or low.get("by"), "located": low.get("located"),
            "usageterms": low.get("usageterms"), "copyright": low.get("copyrightholder") or low.get("copyrightnotice"),
            "subject": names("subject") or names("subjects"), "keyword": names("keyword") or names("keywords"),
            "body": " ".join(words(body)) if body else None,
        }


def feed(raw):
    parsed = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
    for entry in parsed.entries:
        contents = [one.get("value", "") for one in entry.get("content", [])]
        body = contents[0] if contents and contents[0] else entry.get("summary")
        yield {
            "headline": " ".join(words(entry["title"])) if entry.get("title") else None,
            "guid": entry.get("id"), "link": entry.get("link"),
            "byline": entry.get("author_detail", {}).get("name") if entry.get("author") else None,
            "contentcreated": entry.get("published") or entry.get("created") or entry.get("updated"),
            "keyword": [tag["term"] for tag in entry.get("tags", []) if tag.get("term")],
            "body": " ".join(words(body)) if body else None,
        }


def mail(raw):
    message = email.message_from_bytes(raw.lstrip(), policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    try: body = part.get_content() if part else None
    except Exception: body = None
    sender = message["from"].addresses[0] if message["from"] and message["from"].addresses else None
    yield {
        "headline": str(message["subject"] or ""), "guid": str(message["message-id"] or "").strip("<> "),
        "contentcreated": str(message["date"] or ""), "byline": (sender.display_name or sender.addr_spec) if sender else None,
        "body": None if body and body.lstrip().startswith("{") else " ".join(re.findall(r"\w+", body)) if body and part.get_content_subtype() == "plain" else " ".join(words(body)) if body else None,
    }


def wire(raw):
    for story in re.split(rb"(?=\x01)", raw.lstrip(b"\x16"))[1:]:
        head, _, rest = story[1:].partition(b"\x02")
        content, _, trailer = rest.partition(b"\x03")
        lines = head.decode("latin-1").split("\n")
        if raw.startswith(b"\x16"):
            match = re.match(r"\s*(\w) (\w)", lines[1]) if len(lines) > 1 else None
            marked = [re.sub(r"[<=]\s*$", "", one).strip() for one in re.findall(r"^\^(.*)$", content.decode("latin-1"), re.M)]
            yield {"altid": [lines[0].split("\x1f")[0]], "service": match and match[2],
                   "body": " ".join(re.findall(r"\w+", re.sub(r"^(\^|\*).*$", "", content.decode("latin-1"), flags=re.M))) or None}
        else:
            fields = lines[0].split()
            yield {"altid": [fields[0]], "urgency": fields[1], "service": fields[2],
                   "slugline": " ".join(" ".join(lines[1:]).split()) or None}


def oracle(path, raw):
    head = raw[:4096].lstrip()
    if raw[:1] in b"\x01\x16": return "wire", wire(raw)
    if head[:1] in b"{[":
        try: document = json.loads(raw.decode("utf-8-sig"))
        except Exception: return None, []
        return "ninjs", ninjs(document)
    if re.match(rb"(?i)(received|delivered-to|return-path|from|message-id):", head): return "mail", mail(raw)
    if "feedparser" in str(path): return "feeds", feed(raw)
    if head.startswith(b"<") or head.startswith(b"\xef\xbb\xbf<"):
        try: root = strip(etree.fromstring(raw, etree.XMLParser(recover=True, resolve_entities=True, no_network=True)))
        except Exception: return None, []
        if root is None: return None, []
        if root.tag == "nitf": return "nitf", nitf(root)
        if root.tag in ("newsItem", "packageItem", "newsMessage"): return "newsml-g2", g2(root)
        if root.tag == "NewsML": return "newsml-1", newsml1(root)
        if root.tag in ("rss", "feed", "RDF"): return "feeds", feed(raw)
    return None, []


def norm(value):
    return " ".join(re.findall(r"\w+", str(value))).casefold()


def instant(value):
    try: return dates.parse(str(value), tzinfos=lambda name, offset: offset)
    except Exception: return None


def same(field, stated, ours, body):
    if field == "body":
        a, b = collections.Counter(norm(stated).split()), collections.Counter(norm(" ".join(body)).split())
        shared = sum((a & b).values())
        return bool(shared) and 2 * shared / (sum(a.values()) + sum(b.values())) >= 0.97
    values = ours.get(field, [])
    if field in ("versioncreated", "contentcreated", "embargoed"):
        want, got = instant(stated), [instant(one) for one in values]
        if want is None: return norm(stated) in [norm(one) for one in values]
        return any(one is not None and (one == want if (one.tzinfo is None) == (want.tzinfo is None) else one.replace(tzinfo=None) == want.replace(tzinfo=None)) for one in got)
    if field == "pubstatus":
        want = norm(stated).split()[-1]
        want = {"usable": "usable", "embargoed": "withheld", "withheld": "withheld", "canceled": "canceled", "cancelled": "canceled"}.get(want, want)
        return want in values
    wanted = stated if isinstance(stated, list) else [stated]
    if field == "byline":
        got = norm(" ".join(values))
        return all(norm(re.sub(r"(?i)^(by|von|par)\s", "", str(one))) in got for one in wanted)
    got = [norm(one) for one in values]
    return all(any(norm(one) == g or field in ("subject", "copyright", "located") and norm(one) in g for g in got) for one in wanted)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("folder", nargs="?", default=str(pathlib.Path(__file__).resolve().parents[3] / "shared/data/formats-train"))
    arguments.add_argument("--wrong", action="store_true")
    options = arguments.parse_args()
    folder = pathlib.Path(options.folder)
    if not folder.is_dir(): sys.exit(f"fields.py: {folder} is missing: name a folder of agency files")
    right, total, files = collections.Counter(), collections.Counter(), collections.Counter()
    whole = collections.Counter()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        family, stories = oracle(path, raw)
        stories = list(stories)
        if family is None or not stories: continue
        output = subprocess.run([options.program, "read", "--json", str(path)], capture_output=True, text=True).stdout
        parts = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        parts = [part for part in parts if part["status"] != "rejected" and part.get("format") in ("nitf", "newsml-g2", "newsml-1", "ninjs", "rss", "atom", "rdf", "mail", "iptc7901", "anpa", "xml")]
        if family == "newsml-g2": parts = [part for part in parts if "newsitem" in part["mediatype"] or "packageitem" in part["mediatype"]]
        if family == "mail": parts = parts[:1]
        files[family] += 1
        perfect = True
        for index, story in enumerate(stories):
            part = parts[index] if index < len(parts) else {"fields": {}, "body": []}
            for field, stated in story.items():
                if stated in (None, "", [], "None") or (field != "body" and not norm(" ".join(map(str, stated)) if isinstance(stated, list) else stated)): continue
                if field == "body" and not norm(stated): continue
                total[family, field] += 1
                if same(field, stated, part.get("fields") or {}, part.get("body") or []):
                    right[family, field] += 1
                else:
                    perfect = False
                    if options.wrong:
                        got = " ".join(part.get("body") or []) if field == "body" else (part.get("fields") or {}).get(field)
                        print(f"{path.relative_to(folder)} [{index}] {field}: {str(stated)[:160]!r}\n    ours {str(got)[:200]!r}")
        whole[family] += perfect
    for family in files:
        fields = [f for g, f in total if g == family]
        r, t = sum(right[family, f] for f in fields), sum(total[family, f] for f in fields)
        print(f"{family:10} {files[family]:4} files, {whole[family]:4} whole, fields {r}/{t} = {r / t:.4f}")
        print("           " + ", ".join(f"{f} {right[family, f]}/{total[family, f]}" for f in sorted(fields)))
    r, t = sum(right.values()), sum(total.values())
    print(f"all        {sum(files.values()):4} files, {sum(whole.values()):4} whole, fields {r}/{t} = {r / t:.4f} (bar 0.95)")
    return 0 if r / t >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
