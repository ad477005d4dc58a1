public import Files
public import Inbox
public import Store

/// Why the pipeline cannot be opened.
public enum PipelineError: Error, Sendable, CustomStringConvertible {
    case held(LockError)
    case spool(SpoolError)
    case store(StoreError)
    case file(FileError)

    public var description: String {
        switch self {
        case .held(let error): error.description
        case .spool(let error): error.description
        case .store(let error): error.description
        case .file(let error): error.description
        }
    }

    public var hint: String {
        switch self {
        case .held(let error): error.hint
        case .spool(let error): error.hint
        case .store(let error): error.hint
        case .file(let error): error.hint ?? "check the spool's directories and their permissions"
        }
    }
}
