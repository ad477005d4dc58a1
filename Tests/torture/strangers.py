"""Strangers with a plan: what a member of the inbox's group tried on the real program, scene by scene.

Each scene promises what its first line says, under the frame of hostile.run: the daemon lives in one life, the store
stays where it is, nothing outside is touched, honest files come through. A scene in which the attack did not take
place is broken, too.
"""
import hostile
import strangers_paths, strangers_share, strangers_store, strangers_systems, strangers_text
from desk import Broken

PARTS = (strangers_paths, strangers_text, strangers_store, strangers_share, strangers_systems)
SCENES = {name: scene for part in PARTS for name, scene in part.SCENES.items()}


def torture(binary, seconds, only, report):
    results, broken = {}, []
    scenes = {name: scene for name, scene in SCENES.items() if only is None or only in name}
    for name, (deeds, conditions) in scenes.items():
        try:
            if conditions is None:  # A scene of its own kind.
                results[name] = deeds(binary, seconds)
            else:
                results[name] = hostile.run(binary, deeds, seconds, **conditions)
        except Broken as error:
            results[name] = "BROKEN"
            broken.append(f"strangers ({name}): {error}")
            report.say(f"BROKEN {broken[-1]}")
        report.progress("strangers", len(results), len(scenes), len(broken))
    return {"scenes": results, "broken": broken}
