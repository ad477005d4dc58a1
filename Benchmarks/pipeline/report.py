"""What was measured, as lines of a table: on the terminal at once, and in a document."""
import re


class Report:
    def __init__(self):
        self.rows, self.section, self.machine = [], "", ""

    def begin(self, machine):
        self.machine = machine
        print(machine, flush=True)

    def head(self, section):
        self.section = section
        print(f"\n{section}", flush=True)

    def line(self, what, figure, ratio="", bar="", met=None):
        """One figure with its bar; `met` says whether it is reached, None that there is none."""
        verdict = "" if met is None else "met" if met else "MISSED"
        self.rows.append({"section": self.section, "what": what, "figure": figure, "ratio": ratio, "bar": bar,
                          "verdict": verdict})
        print(f"  {what:47} {figure:>19}  {ratio:17} {bar:14} {verdict}".rstrip(), flush=True)

    def missed(self):
        return [row for row in self.rows if row["verdict"] == "MISSED"]

    def markdown(self):
        lines, section = [self.machine + "."], None
        for row in self.rows:
            if row["section"] != section:
                section = row["section"]
                lines += ["", f"### {section}", "", "| what | figure | ratio | bar | |", "|---|---|---|---|---|"]
            verdict = "**missed**" if row["verdict"] == "MISSED" else row["verdict"]
            lines.append("| " + " | ".join([row["what"].strip(), row["figure"], row["ratio"], row["bar"], verdict]) + " |")
        return "\n".join(lines) + "\n"


def replace_section(path, text):
    """Puts `text` between the marks of a document."""
    document = open(path).read()
    marks = r"(<!-- measured: .* -->\n).*?(<!-- end of what was measured -->)"
    new, count = re.subn(marks, lambda m: m[1] + "\n" + text + "\n" + m[2], document, flags=re.S)
    if count != 1:
        raise SystemExit(f"{path} has no place for figures (<!-- measured: ... -->)")
    open(path, "w").write(new)
