internal import Formats
internal import Parts
