import Synchronization
import Testing

@testable import Supervision

@Suite("What became of a file, in a sentence")
struct FileReportTests {
    private func report(_ verdict: String, _ change: (inout FileReport) -> Void = { _ in }) -> String {
        var report = FileReport(name: Array("story.txt".utf8), verdict: verdict, story: 9, of: 3)
        change(&report)
        return report.sentence
    }

    @Test("each verdict has its own")
    func verdicts() {
        #expect(
            report("new") {
                $0.story = 2
                $0.headline = "Chinese leaders send congratulatory messages to Cambodia's Hun Sen on election victory"
            } == "“Chinese leaders send congratulatory messages to Cambodia's …” (story.txt) is new: story 2")
        #expect(report("new") { $0.headline = "" } == "story.txt is new: story 9")
        #expect(report("identical") { $0.story = nil } == "story.txt repeats story 3 (same bytes)")
        #expect(report("same-text") == "story.txt (story 9) repeats story 3 (same words)")
        #expect(
            report("near-duplicate") { $0.resemblance = 0.934 } == "story.txt (story 9) is nearly story 3 (93 % alike)")
        #expect(
            report("excerpt") { $0.containment = 0.9999 }
                == "story.txt (story 9) is an excerpt of story 3 (99 % of it there)")
        #expect(report("expansion") == "story.txt (story 9) expands story 3")
        #expect(report("rejected") { $0.reason = "it is a FIFO" } == "story.txt is rejected: it is a FIFO")
        #expect(report("deferred") { $0.reason = "mode 0600" } == "story.txt has to wait: mode 0600")
        #expect(report("deferred") { $0.reason = nil } == "story.txt has to wait: no reason was given")
    }

    @Test("a verdict of a later version is told all the same")
    func unknownVerdict() {
        #expect(report("merged\n") == "story.txt: merged\\x0a (story 3)")
    }

    @Test("a hostile headline stays inside its sentence")
    func hostileHeadline() {
        #expect(
            report("new") { $0.headline = "a\u{1b}[2J\nb" } == "“a\\x1b[2J\\x0ab” (story.txt) is new: story 9")
    }

    @Test(
        "figures do not depend on a locale and do not lie",
        arguments: [
            (0.0, "0.000"), (1, "1.000"), (0.0005, "0.001"), (12.3456, "12.346"), (-0.5, "-0.500"), (-0.0001, "0.000"),
            (.nan, "nan"), (.infinity, "inf"),
        ] as [(Double, String)])
    func threeDigits(value: Double, text: String) {
        #expect(FileReport.threeDigits(value) == text)
    }

    @Test("a share that is no number is left out")
    func oddShare() {
        #expect(report("near-duplicate") { $0.resemblance = .nan } == "story.txt (story 9) is nearly story 3")
    }
}

@Suite("The status line")
struct StatusLineTests {
    @Test("it says what a person wants, most important first, and leaves out what is nothing")
    func text() {
        var line = StatusLine()
        #expect(line.text == "0 stories")
        line.stories = 1
        #expect(line.text == "1 story")
        line.stories = 1_234_567
        line.waiting = 3200
        line.deferred = 1
        line.rejected = 2
        line.filesPerSecond = 41.4
        line.last = "a.txt is new: story 5"
        line.trouble = "No space on the disk\n"
        #expect(
            line.text
                == "No space on the disk\\x0a. 1,234,567 stories, 3,200 waiting, 1 deferred, 2 rejected, 41 files/s; last: a.txt is new: story 5"
        )
        line.filesPerSecond = 0.26
        #expect(line.text.contains(", 0.3 files/s;"))
    }

    @Test("a line that did not change is not sent again")
    func ticker() {
        let sent = SentMessages()
        let notifier = Notifier(isListening: true) { message in sent.list.withLock { $0.append(message) } }
        let clock = HandClock()
        let ticker = StatusTicker(notifier: notifier) { "\(clock.nanoseconds / 1_000_000_000) s" }
        for step in [Duration.zero, .zero, .seconds(1), .zero] {
            clock.advance(by: step)
            ticker.tick()
            notifier.flush(atMost: .seconds(10))
        }
        #expect(sent.list.withLock { $0 } == ["STATUS=1 s", "STATUS=2 s"])
    }
}
