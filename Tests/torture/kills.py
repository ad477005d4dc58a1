"""SIGKILL at random moments under load, then a restart, again and again; everything is checked at the end."""
import random, time
from desk import Broken, Desk


def torture(binary, kills, report):
    dice, broken = random.Random(seed := random.randrange(10**6)), []
    desk = Desk(binary, settings=["workers: 2"])
    contents = []
    try:
        for round in range(kills):
            # A third of the runs archive, so that both ways of finishing are cut short.
            desk.configure(["workers: 2", f"inbox: {{archive: {'true' if round % 3 == 0 else 'false'}}}"])
            desk.start()
            if dice.random() < 0.5:  # Half of the kills meet the start and its recovery, half a daemon at work.
                desk.ready()
            end = time.monotonic() + dice.uniform(0, 0.25)
            number = 0
            while time.monotonic() < end:
                if contents and dice.random() < 0.1:
                    content = dice.choice(contents)
                else:
                    content = f"Report {round} {number}\n\n".encode() + dice.randbytes(dice.randint(50, 3000)).hex().encode()
                    contents.append(content)
                desk.deliver(f"wire{number % 3}/{round}-{number}.txt" if number % 2 else f"{round}-{number}.txt", content)
                number += 1
            desk.kill()
            report.progress("kills", round + 1, kills, 0)
        desk.start().ready()
        desk.drain(within=120)
        if desk.stop() != 0:
            raise Broken(f"ended with {desk.process.returncode}: {desk.said()}")
        desk.check()
    except Broken as error:
        desk.keep()
        broken.append(f"kills, seed {seed}: {error}\n    kept in {desk.root}")
        report.say(f"BROKEN {broken[-1]}")
    finally:
        desk.remove()
    return {"kills": kills, "delivered": len(desk.delivered), "seed": seed, "broken": broken}
