import Readers
import Testing

struct PartTests {
}
