// What `verify` proves of the spool: that its own count of claims, the ledger's rows and the files in work/ agree.

internal import Files
internal import Inbox
internal import Store

struct SpoolProof {
    static let name = "claims"

    /// Files in the inbox; nil if not all of it can be read.
    private(set) var waiting: Int?
    /// Files in work/ that have no row, as far as that can be told; nil if it cannot be read.
    private(set) var claimed: Int?
    private(set) var claims: ClaimsAccount?
    /// Nil if this user may not look into the spool.
    private(set) var check: Verification.Check?

    init(_ settings: Settings, _ reader: StoreReader) {
        let filter = (try? NameFilter(settings.ignore)) ?? NameFilter.none
        let options = settings.spoolOptions
        guard let work = try? Directory(path: options.stationsPath + "/work"),
            let record = try? ClaimsRecord(work: work)
        else { return }
        guard let count = try? SpoolCount(options, filter: filter) else { return }
        if count.unreadable.isEmpty { waiting = count.waiting }
        var account = ClaimsAccount(record, inWork: count.inWork)
        do {
            try reader.forEachClaim { account.note(row: $0) }
            let store = try reader.epoch()
            claimed = account.isAbout(store) ? account.waiting : count.claimed
            guard account.isAbout(store) else {
                check = Verification.Check(
                    name: Self.name,
                    finding: "not compared: the spool was not used with this store yet; the service begins a new count",
                    faults: [])
                return
            }
            let faults = account.faults(store: store, later: try ClaimsRecord(work: work))
            check = Verification.Check(
                name: Self.name,
                finding:
                    "\(Terminal.grouped(Int(account.claims))) claims of the spool: \(Terminal.grouped(Int(account.rows))) "
                    + "have a row, \(account.waiting) wait in work/ for theirs, the others went back to the inbox",
                faults: faults + count.unreadable.map { "not all of the spool can be read: \($0)" })
        } catch {
            check = Verification.Check(name: Self.name, finding: "they cannot be counted", faults: ["\(error)"])
        }
        claims = account
    }
}
