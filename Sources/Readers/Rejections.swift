// What a person reads when a file could not be read for reasons that are not the file's alone.

internal import Parts

extension PartRejection {
    static func noReader(_ format: Format) -> PartRejection {
        PartRejection(
            code: "no-reader", sentence: "this is \(format.name), and the program that reads it is not installed",
            hint: "install the package copytaster-formats, then `copytaster requeue` the file")
    }

    static let noPDF = PartRejection(
        code: "no-reader", sentence: "this is PDF, and the program that reads it, pdftotext, is not installed",
        hint: "install the package poppler-utils, then `copytaster requeue` the file")

    static func unreadablePDF(isForbidden: Bool) -> PartRejection {
        isForbidden
            ? PartRejection(
                code: "encrypted", sentence: "this is PDF whose maker does not let its text be taken",
                hint: "have it sent without that protection")
            : PartRejection(
                code: "damaged", sentence: "this is PDF, and pdftotext cannot open it",
                hint: "have it sent again, without a password: it was cut off or damaged on its way")
    }

    static func switchedOff(_ format: Format) -> PartRejection {
        PartRejection(
            code: "format-off", sentence: "this is \(format.name), which the configuration says not to read",
            hint: "take it out of formats.off in copytaster.conf, restart, then `copytaster requeue` the file")
    }

    static func failed(_ format: Format, _ how: String) -> PartRejection {
        PartRejection(
            code: "reader-failed", sentence: "this is \(format.name), and the process that read it \(how)",
            hint:
                "look at the file: it is damaged or made to do harm; if it is neither, report it with `copytaster read FILE`"
        )
    }

    static func notStarted(_ format: Format, _ why: String) -> PartRejection {
        PartRejection(
            code: "reader-failed",
            sentence: "this is \(format.name), and no process could be started to read it: \(why)",
            hint: "see to it, then `copytaster requeue` the file")
    }
}
