// Two versions word by word.

enum DiffPage {
    static func page(_ difference: Difference) -> Page {
        let fields = difference.fields.map { field in
            "<tr><th>\(field.field)</th><td dir=\"auto\">\(runs(field.runs))</td></tr>" as HTML
        }
        let (a, b) = (difference.first, difference.second)
        return Page(
            title: "\(a) and \(b)", place: .wire,
            body: """
                <h1><a href="/story/\(a)">Story \(a)</a> and <a href="/story/\(b)">story \(b)</a></h1>
                <p class="meta"><del>only in \(a)</del> <ins>only in \(b)</ins> · <a href="/diff/\(b)/\(a)">the other way round</a></p>
                \(fields.isEmpty ? "" : #"<div class="wide"><table class="fields"><tbody>\#(fields)</tbody></table></div>"#)
                <div class="text diff" dir="auto">\(runs(difference.body))</div>
                """)
    }

    private static func runs(_ runs: [Difference.Run]) -> HTML {
        HTML(
            runs.map { run in
                if let both = run.both { return "\(both)" }
                if let first = run.first { return "<del>\(first)</del>" }
                return "<ins>\(run.second ?? "")</ins>"
            })
    }
}
