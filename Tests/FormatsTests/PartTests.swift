import Formats
import Testing

struct PartTests {
}
