"""What a run prints of its account."""

import statistics

from tests.soak.account import FIRST_S, MUST_BE_ZERO, WINDOW_S, Account, status_of

GROWTH = 0.10


def report(transport: str, seconds: float, account: Account, exit_code: int) -> bool:
    """Print the figures; whether every promise was kept."""
    figures = account.figures()
    acks = [errand.ack for errand in [*account.commands, *account.clicks]]
    ms = sorted(ack.ms for ack in acks if ack is not None and ack.status == 200)
    hundredths = statistics.quantiles(ms, n=100)
    print(f"\n{transport}, {seconds:.0f} s")
    for name, number in figures.items():
        print(f"  {name:34} {number:7,}{'  ✗' if name in MUST_BE_ZERO and number else ''}")
    print("  pressed:", ", ".join(f"{kind} {n}" for kind, n in account.pressed().most_common()))
    print(f"  {'ack, p50 · p99 · longest':34} {_ms(hundredths[49], hundredths[98], ms[-1])}")
    growth = _growth(seconds, account)
    print(f"  {'exit code':34} {exit_code:7}{'  ✗' if exit_code else ''}", flush=True)
    for errand in account.clicks:
        if not (errand.is_over or account.is_excused(errand)):
            print(f"  ✗ lost: {errand.what}, acknowledged with {status_of(errand)}")
    for complaint in set(account.slack.complaints):
        print(f"  ✗ {complaint}")
    return not exit_code and growth <= GROWTH and not any(figures[name] for name in MUST_BE_ZERO)


def _growth(seconds: float, account: Account) -> float:
    """How much the memory grew, as a share of what it was."""
    if seconds < FIRST_S + 2 * WINDOW_S:
        print("  memory is compared in runs of three minutes and more")
        return 0.0
    first, last = account.rss(FIRST_S), account.rss(seconds - WINDOW_S)
    growth = min(last) / min(first) - 1
    for name, found in (("after the first minute", first), ("at the end", last)):
        least, median = min(found), statistics.median(found)
        print(f"  {f'memory {name}, least · median':42} {least:.1f} · {median:.1f} MiB")
    print(f"  {'the least grew by':34} {growth:9.1%}{'  ✗' * (growth > GROWTH)}")
    return growth


def _ms(*found: float) -> str:
    return " · ".join(f"{each:.1f}" for each in found) + " ms"
