internal import Parts
