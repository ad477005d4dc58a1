import Foundation
import TestSupport
import Testing

@testable import Files

struct AccessListTests {
    private func entry(_ tag: AccessList.Tag, _ permissions: UInt16, _ id: UInt32 = AccessList.nobody)
        -> AccessList.Entry
    {
        AccessList.Entry(tag: tag, permissions: permissions, id: id)
    }

    @Test func aModeBecomesAListInWhichOneUserMoreMayWrite() {
        let list = AccessList(mode: 0o2755).giving(7)
        #expect(
            list.entries == [
                entry(.owner, 7), entry(.user, 7, 7), entry(.owningGroup, 5), entry(.mask, 7), entry(.other, 5),
            ])
        #expect(AccessList(list.bytes) == list)
        #expect(list.giving(7) == list, "once is enough")
    }

    @Test func whoeverTheMaskHeldBackGetsNoMore() {
        var list = AccessList(mode: 0o750)
        list.entries += [entry(.user, 7, 3), entry(.group, 6, 9), entry(.mask, 5)]
        let given = list.giving(7)
        #expect(
            given.entries == [
                entry(.owner, 7), entry(.user, 5, 3), entry(.user, 7, 7), entry(.owningGroup, 5), entry(.group, 4, 9),
                entry(.mask, 7), entry(.other, 0),
            ])
    }

    @Test(arguments: [[], [1, 0, 0, 0], [2, 0, 0, 0, 1], [2, 0, 0, 0, 3, 0, 7, 0, 0, 0, 0, 0]] as [[UInt8]])
    func whatIsNoListIsLeftAlone(bytes: [UInt8]) {
        #expect(AccessList(bytes) == nil)
    }

    @Test func theKernelTakesTheList() throws {
        let scratch = Scratch()
        chmod(scratch.path, 0o750)
        let directory = try Directory(path: scratch.path)
        try directory.giveLeave()
        let list = try #require(AccessList(try directory.accessList()))
        #expect(list.entries.contains(entry(.user, 7, Files.Process.user)))
        #expect(list.entries.contains(entry(.owningGroup, 5)))
        try directory.giveLeave()
        #expect(try AccessList(directory.accessList()) == list)
    }
}
