// Every byte of a small store changed, and the store cut off at every offset: `verify` names the damage, or there is
// none. CI tries a sample; COPYTASTER_TORTURE=1 tries all.

import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite(.serialized)
struct DamageTests {
    /// Counts outcomes, and keeps what must not be.
    private final class Tally: Sendable {
        private let counts = Mutex((named: 0, unchanged: 0, silent: [String]()))

        func add(_ outcome: DamagedStore.Outcome, _ what: String) {
            counts.withLock {
                switch outcome {
                case .named: $0.named += 1
                case .unchanged: $0.unchanged += 1
                case .silent: $0.silent.append(what)
                }
            }
        }

        func check(_ name: String) {
            let (named, unchanged, silent) = counts.withLock { $0 }
            print("\(name): \(named) named, \(unchanged) without consequence, \(silent.count) unnoticed")
            #expect(silent.isEmpty, "\(silent.sorted().prefix(20))")
            #expect(named > 0)
        }
    }

    @Test func aChangedByteIsNamedOrChangesNothing() throws {
        let store = try DamagedStore.make()
        #expect(store.verify(in: Scratch()) == .unchanged)
        let step = Torture.isLong ? 1 : 11
        let tally = Tally()
        inParallel(store.database.count / step) { number, scratch in
            // One bit, and the whole byte.
            for mask in [1 << UInt8(number % 8), 0xFF] as [UInt8] {
                var damaged = store
                damaged.database[number * step] ^= mask
                tally.add(damaged.verify(in: scratch), "byte \(number * step) ^ \(mask)")
            }
        }
        tally.check("bytes of the store, \(store.database.count) in all")
    }

    @Test func aCutIsNamed() throws {
        let store = try DamagedStore.make()
        let step = Torture.isLong ? 1 : 37
        let tally = Tally()
        inParallel(store.database.count / step) { number, scratch in
            var damaged = store
            damaged.database.removeSubrange((number * step)...)
            tally.add(damaged.verify(in: scratch), "cut at \(number * step)")
        }
        tally.check("cuts of the store")
    }

    @Test func aDamagedLogIsNamedOrChangesNothing() throws {
        let store = try DamagedStore.makeCrashed()
        #expect(store.verify(in: Scratch()) == .unchanged)
        let step = Torture.isLong ? 1 : 101
        let tally = Tally()
        inParallel(store.log.count / step) { number, scratch in
            var damaged = store
            damaged.log[number * step] ^= 1 << UInt8(number % 8)
            tally.add(damaged.verify(in: scratch), "log byte \(number * step)")
            damaged = store
            damaged.log.removeSubrange((number * step)...)
            tally.add(damaged.verify(in: scratch), "log cut at \(number * step)")
        }
        tally.check("bytes and cuts of the log, \(store.log.count) in all")
    }

    @Test func noDamageTrapsTheProgram() throws {
        let (store, crashed) = (try DamagedStore.make(), try DamagedStore.makeCrashed())
        let step = Torture.isLong ? 1 : 97
        let failures = Mutex([String]())
        inParallel(store.database.count / step) { number, scratch in
            var damaged = store
            damaged.database[number * step] ^= 1 << UInt8(number % 8)
            for error in damaged.use(in: scratch) { failures.withLock { $0.append("byte \(number * step): \(error)") } }
        }
        inParallel(crashed.log.count / (step * 3)) { number, scratch in
            var damaged = crashed
            damaged.log[number * step * 3] ^= 255
            for error in damaged.use(in: scratch) { failures.withLock { $0.append("log \(number): \(error)") } }
        }
        #expect(failures.withLock { $0 }.isEmpty, "\(failures.withLock { $0.prefix(10) })")
    }
}
