"""Strangers with a plan: what a member of the inbox's group tried on the real program, scene by scene.

Each scene promises what its first line says, under the frame of hostile.run: the daemon lives in one life, the store
stays where it is, nothing outside is touched, honest files come through. A scene in which the attack did not take
place is broken, too.
"""
import traceback
import hostile
import strangers_paths, strangers_share, strangers_store, strangers_systems, strangers_text, strangers_tools
from desk import Broken

PARTS = (strangers_paths, strangers_text, strangers_store, strangers_share, strangers_systems, strangers_tools)
SCENES = {name: scene for part in PARTS for name, scene in part.SCENES.items()}
# What a newcomer waits for: what does not depend on how fast the machine is, or what else it does.
QUICK = {*strangers_paths.SCENES, "traps", "not text", "pried open", "a member reads on", "redacted, running",
         "redacted, stopped", "modes", "silent visitors", "inbox elsewhere", "stations unhidden",
         "inodes used up at the top", "bytes used up"}


def scenes(only):
    """All, the quick ones, or those whose name contains this."""
    chosen = QUICK if only == "quick" else {name for name in SCENES if only is None or only in name}
    return {name: scene for name, scene in SCENES.items() if name in chosen}


def torture(binary, seconds, only, report):
    return play(binary, seconds, scenes(only), report)


def play(binary, seconds, scenes, report):
    results, broken = {}, []
    for name, (deeds, conditions) in scenes.items():
        try:
            if conditions is None:  # A scene of its own kind.
                results[name] = deeds(binary, seconds)
            else:
                results[name] = hostile.run(binary, deeds, seconds, **conditions)
        except Exception as error:  # A scene that cannot be played proves nothing: that is no reason to play no other.
            results[name] = "BROKEN"
            broken.append(f"strangers ({name}): {error if isinstance(error, Broken) else traceback.format_exc()}")
            report.say(f"BROKEN {broken[-1]}")
        report.progress("strangers", len(results), len(scenes), len(broken))
    return {"scenes": results, "broken": broken}
