// What the elements of a page say about what is in them, as far as it can be believed.

internal import Text

extension Article {
    /// Gives each block what the elements around it say. That an element is outside the article counts only where it, and all
    /// others of the same class together, hold a small part of the page's copy: `<body class="has-sidebar">` is not a sidebar.
    mutating func findZones(_ ownZones: [Zone]) {
        let all = copyBefore[copyBefore.count - 1]
        let copyOfClass = copyByClass()
        zones = [Zone](repeating: [], count: tree.nodes.count)
        var index = 0
        while index < tree.nodes.count {
            let node = tree.nodes[index]
            if node.element != .text {
                let inherited = node.parent >= 0 ? zones[Int(node.parent)] : []
                var own = ownZones[index]
                if !own.isEmpty {
                    let inside = lines.blocks(in: index, of: tree)
                    var copy = copyBefore[inside.upperBound] - copyBefore[inside.lowerBound]
                    if let key = classKey(index) { copy = max(copy, copyOfClass[key] ?? 0) }
                    if own.contains(.body) { own.formIntersection([.body, .heading]) }
                    if copy * 10 > all * 4 { own.formIntersection([.body, .heading]) }
                    if copy * 10 > all * 2 { own.subtract([.doubtful, .standfirst, .insert]) }
                }
                zones[index] = own.union(inherited)
            }
            index += 1
        }
        for index in lines.blocks.indices { lines.blocks[index].zone = zones[lines.blocks[index].holder] }
    }

    /// How much copy all elements of a class hold together.
    private func copyByClass() -> [UInt64: Int] {
        var sums: [UInt64: Int] = [:]
        for index in tree.nodes.indices where tree.nodes[index].element != .text {
            guard !tree.nodes[index].attributes.isEmpty else { continue }
            let inside = lines.blocks(in: index, of: tree)
            let copy = copyBefore[inside.upperBound] - copyBefore[inside.lowerBound]
            if copy > 0, let key = classKey(index) { sums[key, default: 0] += copy }
        }
        return sums
    }

    private func classKey(_ index: Int) -> UInt64? {
        tree.attribute(.class, of: index).map { Letters.hash(tree.values, $0) }
    }
}
