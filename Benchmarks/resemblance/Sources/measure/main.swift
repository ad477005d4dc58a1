// Measures every bar of the Resemblance module. Arguments: what to measure (pairs, variants, templates,
// partial, semeval, fundus, sketch, index, large; all of them without), and -v to see each miss; or judge, for pairs from
// standard input.

import Foundation

let wanted = Set(CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("-") })
let verbose = CommandLine.arguments.contains("-v")
/// All stories; with -q only some, to look at something quickly.
func few(_ items: [Item]) -> [Item] {
    CommandLine.arguments.contains("-q") ? Array(items.prefix(3000)) : items
}
func wants(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }

if wanted == ["judge"] {
    judgePairs()
    exit(0)
}
if wants("pairs"), let items = DataSet.reuters() { measureReutersPairs(items, verbose: verbose) }
if wants("variants") {
    if let items = DataSet.reuters() { measureVariants("reuters", few(items), chinese: false, verbose: verbose) }
    if let items = DataSet.xwlb() { measureVariants("xwlb", few(items), chinese: true, verbose: verbose) }
}
if wants("templates"), let items = DataSet.xwlb(), let pairs = DataSet.xwlbTemplates() {
    measureTemplates(items, pairs, verbose: verbose)
}
if wants("partial") {
    if let items = DataSet.reuters() { measurePartial("reuters", few(items), chinese: false, verbose: verbose) }
    if let items = DataSet.xwlb() {
        measurePartial("xwlb", few(items), chinese: true, verbose: verbose)
        if let pairs = DataSet.xwlbTemplates() { measureRitualPassages(items, pairs, verbose: verbose) }
    }
}
if wants("semeval"), let pairs = DataSet.semeval() { measureSemeval(pairs, verbose: verbose) }
if wants("fundus"), let pages = DataSet.fundus() { measureFundus(pages, verbose: verbose) }
if wants("sketch") {
    if let items = DataSet.reuters() { measureSketch("English", items) }
    if let items = DataSet.xwlb() { measureSketch("Chinese", items) }
    if let pages = DataSet.fundus() {
        measureSketch("20 languages", pages.map { Item(id: $0.id, headline: $0.title, body: $0.gold) })
    }
}
if wants("index"), let items = DataSet.reuters() {
    measureIndex(items, stories: CommandLine.arguments.contains("-q") ? 200_000 : 1_000_000)
}
if wants("large"), let items = DataSet.reuters() {
    for megabytes in [1, 4, 16] { measureLarge(items, megabytes: megabytes) }
}
