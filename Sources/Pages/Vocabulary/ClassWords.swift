// What the words in `class` and `id` say about an element: data. Words are compared without regard to case; a name such as
// `articleBody` or `article-body__text` is several words.

internal import Text

/// What an element is for, by its name, its class or its role.
struct Zone: OptionSet {
    let rawValue: UInt32

    /// The body of an article, said outright: `article-body`, `itemprop=articleBody`.
    static let body = Zone(rawValue: 1 << 0)
    /// Menus, breadcrumbs, lists of tags.
    static let navigation = Zone(rawValue: 1 << 1)
    /// Other stories.
    static let related = Zone(rawValue: 1 << 2)
    /// Buttons to share, to follow, to print.
    static let tools = Zone(rawValue: 1 << 3)
    /// Adverts, newsletters, subscriptions, consent.
    static let promotion = Zone(rawValue: 1 << 4)
    /// What readers write.
    static let comments = Zone(rawValue: 1 << 5)
    /// Who wrote it, and when.
    static let byline = Zone(rawValue: 1 << 6)
    /// What a picture shows.
    static let caption = Zone(rawValue: 1 << 7)
    /// Who made a picture.
    static let credit = Zone(rawValue: 1 << 8)
    /// The foot and the margin of a page.
    static let margin = Zone(rawValue: 1 << 9)
    /// The first lines, set apart.
    static let standfirst = Zone(rawValue: 1 << 10)
    /// About the author.
    static let biography = Zone(rawValue: 1 << 11)
    /// Is not shown.
    static let hidden = Zone(rawValue: 1 << 12)
    /// The head of a page or of an article.
    static let heading = Zone(rawValue: 1 << 13)
    /// A word that often, and not always, says that something is not part of the text.
    static let doubtful = Zone(rawValue: 1 << 14)
    /// What lies beside the text without being part of it: figures with their legends, boxes, tables of facts.
    static let insert = Zone(rawValue: 1 << 15)
    /// A date.
    static let date = Zone(rawValue: 1 << 16)

    /// What an inline element says that makes a line of its own of it.
    static let apart: Zone = [.tools, .promotion, .caption, .credit, .hidden, .byline, .date]

    /// What is never part of the text.
    static let outside: Zone = [
        .navigation, .related, .tools, .promotion, .comments, .byline, .caption, .credit, .margin, .biography, .hidden,
        .date,
    ]
}

extension Zone {
    /// The zones by name.
    static let names: [(zone: Zone, name: String)] = [
        (.body, "body"), (.navigation, "navigation"), (.related, "related"), (.tools, "tools"),
        (.promotion, "promotion"),
        (.comments, "comments"), (.byline, "byline"), (.caption, "caption"), (.credit, "credit"), (.margin, "margin"),
        (.standfirst, "standfirst"), (.biography, "biography"), (.hidden, "hidden"), (.heading, "heading"),
        (.doubtful, "doubtful"), (.insert, "insert"), (.date, "date"),
    ]
}

enum ClassWords {
    /// What the words in a class or an id stand for.
    static let zones = WordTable([
        (
            1,
            "nav navigation navbar menu submenu breadcrumb breadcrumbs crumb crumbs pagination pager paging tags taglist tagcloud keyword keywords"
        ),
        (1, "topics toc skip skiplink masthead ressort rubrik kicker overline eyebrow dachzeile"),
        (
            2,
            "related relateds recommended recommend recommendation recommendations recirc recirculation teaser teasers"
        ),
        (2, "trending popular mostread mostviewed outbrain taboola plista readmore morenews latest upnext"),
        (2, "promo promos crosslink crosslinks readalso seealso zergnet revcontent similar linklist"),
        (2, "related-articles relatedarticles relatedcontent carousel playlist headlines onward"),
        (
            3,
            "share shares sharing shareaholic social socials socialmedia sharebar sharedaddy addthis addtoany toolbar tools"
        ),
        (3, "print printer whatsapp bookmark bookmarks follow like likes rating ratings vote votes button buttons btn"),
        (3, "tooltip player playerbar audio tts listen speech reaction reactions fontsize"),
        (
            4,
            "ad ads advert adverts advertisement advertising advertorial adslot adbox adsense adsbygoogle adcontainer dfp gpt"
        ),
        (
            4,
            "sponsor sponsored sponsors anzeige werbung publicidad pubblicita reklama reklam annonce newsletter newsletters"
        ),
        (
            4,
            "subscribe subscription subscriptions subscriber signup signin login register registration paywall piano donate"
        ),
        (4, "donation cookie cookies consent gdpr cmp banner popup modal overlay lightbox offer offers cta shop"),
        (
            4,
            "affiliate coupon coupons membership abo mailing regwall gate blocker unlock identity upsell upselling captcha dialog"
        ),
        (4, "tweet twitter instagram facebook tiktok youtube iframe optin privacy"),
        (
            5,
            "comment comments commentlist disqus coral talkback respond reply replies kommentar kommentare comentarios"
        ),
        (5, "commentaires leserbriefe livefyre"),
        (6, "byline bylines author authors autor autoren auteur writer dateline timestamp postmeta entrymeta"),
        (6, "articlemeta metadata authorline credits signature firma autore reporter journalist"),
        (7, "caption captions figcaption legend bildunterschrift imagecaption picturecaption pie bildtext wpcaption"),
        (8, "credit copyright photographer imagesource imagecredit photocredit"),
        (
            9,
            "footer foot sidebar sidebars aside rail rightcol rightcolumn leftcol leftcolumn colophon imprint impressum"
        ),
        (9, "disclaimer legal infobar ticker sitemap"),
        (10, "standfirst subtitle subheadline subhead subheading deck dek intro lead lede leadtext teasertext summary"),
        (10, "preamble excerpt description chapo chapeau sottotitolo entradilla vorspann perex ingress abstract"),
        (11, "bio biography authorbox authorbio aboutauthor authorinfo"),
        (12, "hidden hide invisible visuallyhidden offscreen screenreader"),
        (13, "header headline title"),
        (
            14,
            "widget widgets meta info more box extra promobox bottom module component embed embedded feed list links link"
        ),
        (14, "sticky event events gallery slideshow slider video videos media toggle tab tabs"),
        (
            15,
            "summarybox keypoints keypoint highlights aisummary tldr infobox factbox fact facts faktenbox infokasten kasten sidebox table quiz poll survey timeline map chart"
        ),
        (16, "date time datetime published pubdate publishdate updated modified"),
    ])

    /// The zone for a code of the table.
    static func zone(_ code: UInt8) -> Zone { Zone(rawValue: 1 << UInt32(code)) }

    /// A class that begins with one of these words, and has more, tells of the content or of what is not there: `tag-shopping`,
    /// `category-share`, `has-sidebar`, `no-comments`.
    static let ignoredFirst = WordTable([
        (1, "tag category cat has no not with without type status format term is js post_tag hentry u mod md lg sm xl")
    ])

    /// Two words that name the text under a picture together: one of each.
    static let pictureFirst = WordTable([
        (1, "image img picture photo foto figure media gallery bild video audio slide")
    ])
    static let pictureSecond = WordTable([
        (1, "description text title info desc subtitle label details caption infotext footer meta name")
    ])

    /// Two words that name the body of an article together: one of each.
    static let bodyFirst = WordTable([
        (1, "article story entry post news page main single content artikel articolo noticia detail item")
    ])
    static let bodySecond = WordTable([
        (
            1,
            "body content text copy detail details paragraph paragraphs cuerpo corpo corps richtext main fulltext contents"
        )
    ])
    /// One word that says it alone.
    static let bodyAlone = WordTable([
        (
            1,
            "articlebody storybody entrycontent postcontent articlecontent articletext bodytext storytext newstext fulltext"
        ),
        (1, "articlebodytext postbody storycontent newscontent contentbody articlemain artikeltext cuerpo richtext"),
    ])
}
