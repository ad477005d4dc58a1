// What all pages share.

/// A page of the room.
struct Page {
    var title: String
    var place: Place
    var body: HTML
    /// The feed that says the same, if there is one.
    var feed: String?

    /// The room's places, in the order of the navigation.
    enum Place: String, CaseIterable {
        case wire = "/"
        case search = "/search"
        case ledger = "/ledger"
        case health = "/health"

        var name: String {
            switch self {
            case .wire: "Wire"
            case .search: "Search"
            case .ledger: "Ledger"
            case .health: "Health"
            }
        }
    }

    /// The whole document.
    var html: HTML {
        let links = Place.allCases.map { place -> HTML in
            let current: HTML = place == self.place ? #" aria-current="page""# : ""
            return #"<li><a href="\#(place.rawValue)"\#(current)>\#(place.name)</a></li>"#
        }
        let feed: HTML =
            self.feed.map {
                #"<link rel="alternate" type="application/atom+xml" title="\#(title)" href="\#($0)">"#
            } ?? ""
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(title) – Copytaster</title>
            <link rel="stylesheet" href="/assets/room.css">
            <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
            \(feed)
            <script src="/assets/room.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">To the text</a>
            <header>
            <p class="name"><a href="/">Copytaster</a></p>
            <nav aria-label="Rooms"><ul>\(links)</ul></nav>
            <form action="/search" role="search"><label class="hidden" for="quick">Search the archive</label>
            <input id="quick" name="q" type="search" placeholder="Search ( / )" autocomplete="off"></form>
            </header>
            <main id="main">
            \(body)
            </main>
            <footer><p><a href="/api/v1">API</a> · <a href="/feed.atom">Atom</a> · keys: <kbd>j</kbd> <kbd>k</kbd> next and
            previous, <kbd>o</kbd> open, <kbd>/</kbd> search, <kbd>g</kbd> <kbd>w</kbd> wire, <kbd>?</kbd> all keys</p></footer>
            <dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2>\(Self.keys)
            <form method="dialog"><button>Close</button></form></dialog>
            </body>
            </html>

            """
    }

    private static let keys: HTML = """
        <dl><dt><kbd>j</kbd></dt><dd>next story</dd><dt><kbd>k</kbd></dt><dd>previous story</dd>
        <dt><kbd>o</kbd> or <kbd>Enter</kbd></dt><dd>open it</dd><dt><kbd>v</kbd></dt><dd>its versions</dd>
        <dt><kbd>u</kbd></dt><dd>back to the list</dd><dt><kbd>/</kbd></dt><dd>search</dd>
        <dt><kbd>g</kbd> <kbd>w</kbd>, <kbd>s</kbd>, <kbd>l</kbd>, <kbd>h</kbd></dt><dd>wire, search, ledger, health</dd></dl>
        """
}

/// Pieces that several pages have.
enum Piece {
    /// Whether it still stands, and whether it may be published.
    static func flags(_ story: Record) -> HTML {
        var flags: HTML = ""
        if let status = story.pubstatus, status != "usable" {
            flags += #"<strong class="flag kill">\#(status == "canceled" ? "killed" : status)</strong> "#
        }
        if let until = story.embargoed {
            flags += #"<strong class="flag embargo">embargo \#(Display.line(until, longest: 40))</strong> "#
        }
        if let kind = story.updatekind {
            flags += #"<span class="flag update">\#(Display.line(kind, longest: 40))</span> "#
        }
        return flags
    }

    /// `Xinhua, Beijing`
    static func origin(_ story: Record) -> HTML {
        let parts = [story.agency, story.located].compactMap { $0 }.map { Display.line($0, longest: 60) }
        return HTML(parts.enumerated().map { $0.offset == 0 ? $0.element : ", " + $0.element })
    }

    /// What is about a story, in one line.
    static func meta(_ parts: HTML...) -> HTML {
        HTML(parts.filter { !$0.isEmpty }.enumerated().map { $0.offset == 0 ? $0.element : " · " + $0.element })
    }

    static func versions(_ count: Int, family: Int64) -> HTML {
        count > 1 ? #"<a class="versions" href="/family/\#(family)">\#(count) versions</a>"# : ""
    }

    /// What a verdict means, in words.
    static func verdict(_ record: Record) -> HTML {
        let of: HTML = record.of.map { #" of <a href="/story/\#($0)">\#($0)</a>"# } ?? ""
        return #"<span class="verdict \#(record.verdict)">\#(record.verdict)</span>\#(of)"#
    }

    /// A notice at the top of a page.
    static func notice(_ sentence: String) -> HTML { #"<p class="notice" role="status">\#(sentence)</p>"# }
}
