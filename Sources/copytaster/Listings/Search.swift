// `copytaster search`: stories by their words.

internal import ArgumentParser
internal import Store
internal import Story

struct Search: ServedCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find stories by their words, the newest first.",
        discussion: """
            Every word must occur; "words in quotes" must follow each other; word* is a beginning. Chinese, Japanese, \
            Thai, Lao, Burmese and Khmer are found by any run of their letters.
            """)

    @Argument(help: "What to look for.")
    var query: [String]
    @Option(name: .long, help: ArgumentHelp("How many at most.", valueName: "n"))
    var limit = 20
    @Flag(name: .long, help: "The best matches first (bm25 over the newest 5,000).")
    var best = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var shared: SharedOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit is at least 1.") }
    }

    func run() throws {
        let reader = try shared.reader()
        // A shell has taken the quotes of a phrase: an argument with spaces is one.
        let typed =
            query.count == 1 ? query[0] : query.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
        let result = try reader.search(typed, limit: limit, best: best)
        let families = output.json ? try reader.families() : nil
        let epoch = try reader.epoch()
        let withdrawals = try reader.withdrawals { try families ?? reader.families() }
        for id in result.ids {
            guard let row = try reader.row(id) else { continue }
            let reading = try reader.document(id)?.reading()
            if output.json {
                var record = Record(row, families: families, epoch: epoch)
                if let reading { record.add(reading, whole: false, status: withdrawals.status(of: id)) }
                Output.line(record.jsonLine)
            } else {
                Output.line(StoryLine(row, reading, status: withdrawals.status(of: id)).text)
            }
        }
        Output.flush()
        if result.behind > 0 {
            Terminal.tell("copytaster: the newest \(result.behind) files are not indexed yet\n")
        }
        if result.ids.isEmpty {
            Terminal.tell("copytaster: no story matches\n")
            throw ExitCode(1)
        }
    }
}
