internal import Hummingbird
public func hello() { let router = Router(); router.get("x") { _, _ in "y" } }
