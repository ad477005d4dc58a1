// The kinds of record that this service writes to the journal.
//
// Promise: a kind keeps its MESSAGE_ID for ever (systemd.journal-fields(7): the id lets a reader find every record of
// one kind, whatever its wording), and deploy/copytaster.catalog explains each of them; a test compares the two. The
// ids were drawn with `systemd-id128 new`. To add a kind, draw a new id; never reuse one.

public import Logging

/// A kind of journal record.
public enum Event: String, Sendable, CaseIterable, CustomStringConvertible {
    // The service itself.
    /// Recovery is done and the inbox is watched.
    case started
    /// A clean stop: what was claimed is committed.
    case stopped
    /// The configuration was read again and is in force.
    case reloaded
    /// The new configuration is wrong; the old one stays in force.
    case reloadRefused = "reload-refused"
    /// What an interrupted run left has been finished.
    case recoveryDone = "recovery-done"
    /// The store was brought to the format of this version.
    case storeMigrated = "store-migrated"
    /// It ended again and again without being stopped.
    case interrupted
    /// Something derived (an index) was made again from the truth.
    case rebuilt
    /// A stage has not moved for so long that the watchdog is no longer fed.
    case stalled

    // One file each.
    case storyNew = "story-new"
    case storyRepeat = "story-repeat"
    case fileRejected = "file-rejected"
    case fileDeferred = "file-deferred"
    /// Many files in one record.
    case folded
    /// A claimed file is gone, and has no row.
    case claimLost = "claim-lost"
    /// A file changed while it was read, and counts as a new delivery.
    case fileChanged = "file-changed"

    // The inbox.
    case inboxGone = "inbox-gone"
    case inboxBack = "inbox-back"
    /// The file system does not tell of arrivals; the inbox is read on a timer.
    case polling
    case watchOverflow = "watch-overflow"
    case tooDeep = "too-deep"

    /// More waits of one sender than its quota.
    case overQuota = "over-quota"
    /// Nothing came from a source for longer than is normal.
    case sourceSilent = "source-silent"
    case sourceBack = "source-back"

    // The store and its disk.
    case diskFull = "disk-full"
    case diskFree = "disk-free"
    case cannotWrite = "cannot-write"
    case storeFailed = "store-failed"
    /// The newest hash of the ledger's chain, kept outside the store.
    case chainHead = "chain-head"
    /// An index lags or failed; the truth is unharmed.
    case searchFailed = "search-failed"

    /// Another process holds the store; the service waits for it.
    case storeHeld = "store-held"
    case storeFreed = "store-freed"
    /// What was redacted is not erased everywhere yet.
    case erasureWaits = "erasure-waits"
    /// What was redacted is erased everywhere.
    case erased

    // The read service.
    /// A visitor was turned away: too many at once.
    case readRefused = "read-refused"
    /// A session could not be started, or crashed.
    case readFailed = "read-failed"

    // The backup that follows, and what proves it.
    /// It is complete, or again after trouble.
    case backupFollows = "backup-follows"
    /// It cannot go on.
    case backupStands = "backup-stands"
    /// The newest backup was restored and is sound.
    case backupProved = "backup-proved"
    /// It was not, or there is none.
    case backupUnproved = "backup-unproved"
    /// The head of the chain, signed.
    case anchored
    /// It could not be signed, or not be handed on.
    case anchorFailed = "anchor-failed"

    // What a person did.
    case requeued
    case redacted
    case reparsed
    case backedUp = "backed-up"

    public var description: String { rawValue }

    /// The MESSAGE_ID: 128 bits in lower-case hexadecimal, as sd_id128_to_string(3) writes them.
    public var messageID: String {
        switch self {
        case .started: "3b50be44d07646c88b3706099f2ea57a"
        case .stopped: "a3a60c77e1e044af8f526627c398d5ff"
        case .reloaded: "396171687ca54b9e964dcd734322a2ce"
        case .reloadRefused: "506da15de613402e8a58cfc6367cafa4"
        case .recoveryDone: "aa009755eb494084957d4f3f781dd1c8"
        case .storeMigrated: "0511fabfd661414787bebefa04f5eba3"
        case .interrupted: "c8c7c5a084c64782a35d312605a7e69b"
        case .rebuilt: "4b1dd4b4a5554eebbe9e8b785b91af4f"
        case .stalled: "737756acdab4444fa7b7a8c8d3f6029f"
        case .storyNew: "9ba2bd3ecd424eeea5fc4933d75ced2a"
        case .storyRepeat: "419594d8460242a8a33e15b91e1e1ad1"
        case .fileRejected: "57eb5a955e3a4bbabb9ab8879e026e76"
        case .fileDeferred: "c4f6659aa4de468f8e3c73f71d3ede6f"
        case .folded: "c1365f2508a648aea4ccaad81938383c"
        case .claimLost: "7c9646c8e17741239feb79044df29dad"
        case .fileChanged: "0eca6a741ce04aa9b4934311167952ec"
        case .inboxGone: "95713833d28644169e858f65d2c2d0a1"
        case .inboxBack: "c602b13aefc7413b85b63bc0fd554156"
        case .polling: "4632b800cad245efa2a773cea624e794"
        case .watchOverflow: "508e87651b0e4077a8e3f68c01792cfa"
        case .tooDeep: "b9e4c444bca24cd5b5c1329a1dd31294"
        case .overQuota: "062c071bfed945bbbf43105ae85e5a43"
        case .sourceSilent: "3b6d955ef42d4387afca30030b7a94dc"
        case .sourceBack: "832573b750b74c13bdce2d3504ca24da"
        case .diskFull: "8d8ea8bb6088421e94cc330fb036e1d6"
        case .diskFree: "94ecbc810d1842f5b7a8bf5b0e4ce4f1"
        case .cannotWrite: "33ce538e875b4b7d92382bcedd2baf46"
        case .storeFailed: "acf79c26ad114e85902cec54214739fd"
        case .chainHead: "ab27abe890734f3782790e9d477a9f65"
        case .searchFailed: "c98fe28610ce441d9d00c17782fa1444"
        case .requeued: "362254c7129a47c7a89c82d64dbefd06"
        case .redacted: "40876ff06afd469f8d448836e2ddf8e9"
        case .reparsed: "d2f99b765fc64ce49dc96d8bf0592064"
        case .readRefused: "b95a994d832b444185a856b1cee39651"
        case .readFailed: "322f5f7fc79a416b97b28704bac733bf"
        case .storeHeld: "3b20b459d8dc4ea590bb64616898a164"
        case .storeFreed: "6a42cb2a1f11431ab1309c2053dd65af"
        case .erasureWaits: "57c041ed5ba64cc6be9c652782b00a24"
        case .erased: "0695aa44d3d84a1d8a93a28f081dea4c"
        case .backedUp: "e70e33dd46ad48538dfb063f18ecbaf6"
        case .backupFollows: "a32fdbccbda24ba0a442887303051800"
        case .backupStands: "25293d18604e4fd5870396106625c775"
        case .backupProved: "5ed841d8592a4808ae4b59a82dc3b682"
        case .backupUnproved: "ec49bd1398f549a6b7c4364273c9846a"
        case .anchored: "cb4a8988098b4477a46c07b8952f57a4"
        case .anchorFailed: "6adf2e36d1d843c49e8739dd1793598f"
        }
    }

    /// How loud a record of this kind is, unless the writer knows better.
    public var level: Logger.Level {
        switch self {
        case .started, .stopped, .reloaded, .recoveryDone, .storeMigrated, .rebuilt, .inboxBack, .diskFree, .polling,
            .requeued, .redacted, .reparsed, .backedUp, .fileDeferred, .watchOverflow, .storeFreed, .erased,
            .readRefused, .sourceBack, .backupFollows, .backupProved:
            .notice
        case .storyNew, .storyRepeat, .folded, .fileChanged, .chainHead, .anchored: .info
        case .overQuota, .sourceSilent, .fileRejected, .tooDeep, .searchFailed, .storeHeld, .erasureWaits, .readFailed:
            .warning
        case .reloadRefused, .inboxGone, .cannotWrite, .claimLost, .interrupted, .backupStands, .backupUnproved,
            .anchorFailed:
            .error
        case .diskFull, .storeFailed, .stalled: .critical
        }
    }
}

extension Logger {
    /// The metadata key that carries an ``Event``; the journal turns it into MESSAGE_ID.
    public static let eventKey = "event"

    /// Writes a record of a known kind, at the kind's own level unless told otherwise.
    public func record(
        _ event: Event, level: Logger.Level? = nil, _ message: @autoclosure () -> Logger.Message,
        metadata: Logger.Metadata = [:], file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        var metadata = metadata
        metadata[Logger.eventKey] = .stringConvertible(event)
        log(
            level: level ?? event.level, message(), metadata: metadata, file: file, function: function, line: line)
    }
}
