def write(directory, results): pass
