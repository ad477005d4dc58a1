import Parts
import Testing

struct PartTests {
}
