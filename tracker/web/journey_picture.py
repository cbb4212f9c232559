"""Draws the journey of a case: shapes with x in per cent and y in pixels, for templates/cases/journey.html.

Nothing here knows a procedure. Rows come from journey.py; colours and fonts from classes of static/look.css.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from tracker.procedures.state import HoldSpan
from tracker.web.case_words import lasting, reason_words
from tracker.web.filters import short_day
from tracker.web.journey_axis import LEFT, Axis
from tracker.web.journey_marks import Mark, can_merge, merged
from tracker.web.journey_rows import AHEAD, CURRENT, Bar, Row
from tracker.web.picture_lanes import LEFT_OF, NARROW, SYMBOL, USUAL, WIDE, Box, Label, Lane, both_sides, kept_inside
from tracker.web.picture_shapes import Block, Line, Picture, Symbol, Words
from tracker.web.text_width import text_width

BAR, PITCH, AHEAD_PITCH = 24, 40, 38
LANE, FIRST_LANE, AFTER_LANES, HOLD_LANE = 32, 20, 34, 24
TOP, BOTTOM = 64, 8
LEAST_BAR = 4  # pixels: a day in a picture of years
MOST_LANES, MOST_LANES_NOW = 2, 3  # before what was met is put together
TOO_CLOSE = 1.6  # per cent between a date and its extension, for an arrow to be seen
BELOW_ARROW = 26
NOT_STARTED = "Not started"
INSIDE = 10  # pixels from the edge of a bar to words in it, or beside it
RIGHT_OF_LINE = 12  # pixels from the day's line to words
NEARBY = 30  # per cent: no further from the words than this
FLUSH = -0.1  # ends where the stretch ends
FROM_SYMBOL = 14  # pixels from a symbol to words in the line of a bar


def draw(rows: Sequence[Row], today: date, closed_on: date | None) -> Picture:
    """The picture of the rows, as it stands today or at the closing of the case."""
    end = closed_on or today
    days = [end]
    for row in rows:
        days += [bar.since for bar in row.bars]
        days += [day for mark in row.marks for day in (mark.on, mark.moved_from) if day]
    axis = Axis.over(days, room=closed_on is None)
    return Drawing(axis, end, closed_on is not None).of(rows)


class Drawing:
    """A picture being drawn, row under row."""

    def __init__(self, axis: Axis, end: date, closed: bool) -> None:
        self.axis, self.end, self.closed = axis, end, closed
        self.picture = Picture()
        self.now = axis.x(end)
        self.now_line = Box(self.now, self.now, least=USUAL)
        self.ahead_fits = True

    def of(self, rows: Sequence[Row]) -> Picture:
        y: float = TOP
        labels = [self.ahead_label(row) for row in rows if row.state == AHEAD]
        self.ahead_fits = all(label.box.is_inside() for label in labels)
        for row in rows:
            self.picture.words.append(Words(0, y + 17, row.label, "t-bold"))
            y = self.draw_ahead(row, y) if row.state == AHEAD else self.draw_row(row, y)
        self.picture.height = y - PITCH + AHEAD_PITCH
        self.draw_axis()
        return self.picture

    # -- Across ---------------------------------------------------------------------------------------------------

    def draw_axis(self) -> None:
        picture, foot = self.picture, self.picture.height - BOTTOM
        grid = []
        for day, words in self.axis.ticks():
            x = self.axis.x(day)
            grid.append(Line("p-grid", x, x, 32, foot))
            if Label(x, words, 6).box.is_inside():
                picture.words.append(Words(x, 46, words, "t-quiet", 6))
        if not grid or grid[0].x1 > LEFT or self.axis.in_one_year:
            picture.words.append(Words(0, 46, str(self.axis.first.year), "t-quiet"))
        picture.lines = [*grid, *picture.lines, Line("p-line", self.now, self.now, 22, foot)]
        words = f"Closed, {short_day(self.end)}" if self.closed else f"Today, {self.end.day} {self.end:%B}"
        half = text_width(words, bold=True) / 2
        if self.now * NARROW / 100 + half > NARROW:
            picture.words.append(Words(100, 14, words, "t-bold", 0, "end"))
        else:
            picture.words.append(Words(self.now, 14, words, "t-bold", 0, "middle"))

    def draw_ahead(self, row: Row, y: float) -> float:
        label = self.ahead_label(row)
        if not self.ahead_fits:  # one that has no room right of the line takes the others along
            label = replace(label, dx=-RIGHT_OF_LINE)
        more = label.text.removeprefix(NOT_STARTED)
        self.picture.words.append(Words(label.x, y + 17, NOT_STARTED, "t-quiet", label.dx, label.anchor, more))
        return y + AHEAD_PITCH

    def ahead_label(self, row: Row) -> Label:
        then = f", {row.then}" if row.then.startswith("no ") else f", then {row.then}" if row.then else ""
        return Label(self.now, NOT_STARTED + then, RIGHT_OF_LINE, minor=bool(then))

    # -- A stage --------------------------------------------------------------------------------------------------

    def draw_row(self, row: Row, y: float) -> float:
        """One stage, from *y* down. Returns where the next begins."""
        name = Box(0, 0, 0, text_width(row.label, bold=True))
        top = y + HOLD_LANE * self.draw_holds(row, y, name)
        lane = Lane([name] if top == y else [])
        bars = [self.draw_bar(bar, row, top) for bar in row.bars]
        lane.taken += bars
        if row.state == CURRENT and row.due and row.due > self.end:
            lane.taken.append(self.draw_rest(row.due, top))
        marks = [mark for mark in row.marks if not mark.moved_from]
        beside = self.draw_beside(row, marks, bars, lane, top + BAR / 2)
        below = [] if beside else list(self.draw_stays(row, lane, top))
        most = MOST_LANES_NOW if row.state == CURRENT else MOST_LANES
        lanes = self.draw_marks([] if beside else marks, below, top + BAR + FIRST_LANE, most)
        lanes += self.draw_moves([mark for mark in row.marks if mark.moved_from], top + BAR + FIRST_LANE + LANE * lanes)
        return top + BAR + FIRST_LANE + LANE * (lanes - 1) + AFTER_LANES if lanes else top + PITCH

    def draw_bar(self, bar: Bar, row: Row, top: float) -> Box:
        """Time spent, hatched where the case was on hold."""
        since, until = bar.since, bar.until or self.end
        block = self.block("p-bar", since, until, top)
        self.picture.blocks.append(block)
        for hold in row.holds:
            start, stop = max(since, hold.since), min(until, hold.until or self.end)
            if start < stop:
                self.picture.blocks.append(self.block("hatch", start, stop, top))
        least = LEAST_BAR if not block.width.endswith("%") else 0
        return Box(self.axis.x(since), self.axis.x(until), 0, least)

    def draw_rest(self, due: date, top: float) -> Box:
        """Time left to the last due date, with its length where it has room."""
        block = self.block("p-rest", self.end, due, top + 0.5, BAR - 1)
        self.picture.blocks.insert(0, block)
        words = f"{lasting((due - self.end).days)} left"
        label = Label(self.now, words, RIGHT_OF_LINE, minor=True)
        box = Box(self.now, self.axis.x(due))
        if label.box.edges(WIDE)[1] + INSIDE < box.edges(WIDE)[1]:
            self.write(label, top + 17, "t-minor")
        return box

    def block(self, kind: str, since: date, until: date, y: float, height: float = BAR) -> Block:
        x = self.axis.x(since)
        width = round(self.axis.x(until) - x, 2)
        narrow = width * NARROW / 100 < LEAST_BAR
        return Block(kind, x, y, str(LEAST_BAR) if narrow else f"{width}%", height)

    # -- Words about a stay, in the bar, beside it, or below ------------------------------------------------------

    def draw_beside(self, row: Row, marks: Sequence[Mark], bars: Sequence[Box], lane: Lane, y: float) -> bool:
        """A stage that is over and had one thing to meet: the mark stands in the line of the bar and says it all."""
        if row.state == CURRENT or not len(marks) == len(row.marks) == len(bars) == 1:
            return False
        mark = marks[0]
        if mark.met_on is None:
            return False
        x = self.axis.x(mark.on)
        label = Label(x, f"{mark.words} {self.axis.day(mark.met_on)}, due {self.axis.day(mark.on)}", FROM_SYMBOL)
        symbol = Box(x, x)  # it may stand closer to the bar than words would
        if mark.symbol != "met" or not lane.takes(label, [symbol], [self.now_line]):
            return False
        self.picture.symbols.append(Symbol(mark.symbol, x, y))
        self.write(label, y + 5)
        return True

    def draw_stays(self, row: Row, lane: Lane, top: float) -> Iterator[list[Label]]:
        """Words for each bar. Yields those that had no room in its line."""
        hatched = [
            Box(self.axis.x(max(hold.since, self.axis.first)), self.axis.x(hold.until or self.end))
            for hold in row.holds
        ]
        name = Box(0, 0, 0, text_width(row.label, bold=True))
        for bar in row.bars:
            since, until = self.axis.x(bar.since), self.axis.x(bar.until or self.end)
            if bar.until:
                words = self.axis.span(bar.since, bar.until)
            else:
                words = f"{lasting((self.end - bar.since).days)} so far"
            inner = Label(since, words, INSIDE)
            room = (until - since) * NARROW / 100 - 2 * INSIDE
            if text_width(words) <= room and not any(inner.box.touches(taken) for taken in (name, *hatched)):
                self.write(inner, top + 17, "t-in")
                continue
            sides = (Label(until, words, INSIDE + LEAST_BAR), Label(since, words, -INSIDE))
            label = next((side for side in sides if lane.takes(side, [], [self.now_line])), None)
            if label:
                lane.put(label, [])
                self.write(label, top + 17)
            else:
                yield self.near(since, until, words)

    def draw_holds(self, row: Row, y: float, name: Box) -> int:
        """Says each hold that began in this stage, above the bar. Returns how many lines that took."""
        lanes: list[Lane] = []
        for hold in row.holds:
            if not any(bar.since <= hold.since < (bar.until or date.max) for bar in row.bars):
                continue
            words = self.hold_words(hold)
            since, until = self.axis.x(hold.since), self.axis.x(hold.until or self.end)
            place, label = self.choose(self.near(since, until, words), lanes, [], Lane([name]))
            lanes[place].put(label, [])
            self.write(label, y + 14 + HOLD_LANE * place, "t-quiet")
        return len(lanes)

    def hold_words(self, hold: HoldSpan) -> str:
        when = self.axis.span(hold.since, hold.until) if hold.until else f"since {self.axis.day(hold.since)}"
        return f"On hold {when}" + (f": {reason_words(hold.reason)}" if hold.reason else "")

    # -- Marks, on lanes under the bar ----------------------------------------------------------------------------

    def draw_marks(self, marks: Sequence[Mark], below: Sequence[Sequence[Label]], y: float, most: int) -> int:
        """Each mark with its words; those that were met stand together where *most* lanes have no room for each."""
        while (placed := self.place(marks, below, most if can_merge(marks) else None)) is None:
            marks = merged(marks)
        for lane, mark, label in placed:
            height = y + LANE * lane
            if mark:
                self.picture.symbols.append(Symbol(mark.symbol, self.axis.x(mark.on), height))
            kind = "t-late" if label.bold else "t-minor" if label.minor else ""
            self.write(label, height + 5, kind)
        return 1 + max((lane for lane, _, _ in placed), default=-1)

    def place(
        self, marks: Sequence[Mark], below: Sequence[Sequence[Label]], most: int | None
    ) -> list[tuple[int, Mark | None, Label]] | None:
        """Lane and label of each mark, those that need somebody first. None where that takes more lanes than *most*."""
        lanes: list[Lane] = []
        placed: list[tuple[int, Mark | None, Label]] = []
        for choices in below:
            lane, label = self.choose(choices, lanes, [], Lane())
            lanes[lane].put(label, [])
            placed.append((lane, None, label))
        for mark in sorted(marks, key=lambda mark: (mark.is_done, mark.on)):
            x = self.axis.x(mark.on)
            symbol = [Box(x, x, -SYMBOL, SYMBOL)]
            words = self.mark_words(mark)
            choices = list(both_sides(x, words, minor=mark.is_done, bold=mark.symbol == "late"))
            if mark.on > self.end:
                choices.append(Label(self.now, words, -RIGHT_OF_LINE))
            lane, label = self.choose(choices, lanes, symbol, Lane())
            if most is not None and lane >= most:
                return None
            lanes[lane].put(label, symbol)
            placed.append((lane, mark, label))
        return placed

    def mark_words(self, mark: Mark) -> str:
        match mark.symbol:
            case "late":
                return f"{mark.words} late"
            case "due":
                return f"{mark.words} due {self.axis.day(mark.on)}"
            case "metlate" if mark.count == 1:
                return f"{mark.words}, late"
            case "metlate":
                return f"{mark.words}, {mark.late} late"
        return mark.words

    def draw_moves(self, marks: Sequence[Mark], y: float) -> int:
        """Extensions: the first due mark struck through, an arrow to the new one, the words beside it or below."""
        lanes: list[Lane] = []
        for mark in marks:
            first, last = self.axis.x(mark.moved_from or mark.on), self.axis.x(mark.on)
            arrow = [Box(first, last, -SYMBOL, SYMBOL)]
            words, bold = self.moved_words(mark), mark.symbol == "late"
            beside = [Label(first, words, LEFT_OF, bold=bold), Label(last, words, -LEFT_OF, bold=bold)]
            lane = Lane()
            label = next((label for label in beside if lane.takes(label, arrow, [])), None)
            height = y + LANE * len(lanes)
            self.draw_arrow(mark, first, last, height)
            lanes.append(lane)
            if label is None:
                label = self.choose(self.near(first, last, words, bold=bold), [], [], Lane())[1]
                height += BELOW_ARROW
                lanes.append(Lane())
            self.write(label, height + 5, "t-late" if bold else "")
        return len(lanes)

    def moved_words(self, mark: Mark) -> str:
        """Report due 20 August, extended to 20 November"""
        first = mark.moved_from or mark.on
        often = {1: "", 2: "twice "}.get(mark.times_moved, f"{mark.times_moved} times ")
        same_year = first.year == mark.on.year and not self.axis.in_one_year
        was = f"{first.day} {first:%b}" if same_year else self.axis.day(first)
        late = ", late" if mark.symbol == "late" else ""
        return f"{mark.words} due {was}, extended {often}to {self.axis.day(mark.on)}{late}"

    def draw_arrow(self, mark: Mark, first: float, last: float, y: float) -> None:
        self.picture.symbols.append(Symbol(mark.symbol, last, y))
        if last - first > TOO_CLOSE:
            self.picture.lines.append(Line("p-line", first, last, y, y))
            self.picture.symbols += [Symbol("moved", first, y), Symbol("arrow", last, y)]

    # -- Where words go ------------------------------------------------------------------------------------------------

    def near(self, start: float, end: float, words: str, *, bold: bool = False) -> list[Label]:
        """Words in a line by themselves about a stretch: from its start, up to its end, up to the day's line."""
        sides = [Label(start, words, 0, bold=bold), Label(end, words, FLUSH, bold=bold)]
        if 0 < self.now - start < NEARBY:
            sides.append(Label(self.now, words, -RIGHT_OF_LINE, bold=bold))
        return [*sides, kept_inside(start, words, bold=bold)]

    def choose(
        self, choices: Sequence[Label], lanes: list[Lane], symbols: Sequence[Box], fresh: Lane
    ) -> tuple[int, Label]:
        """The first lane and label with room: not across the day's line if that can be; else on a new lane."""
        for avoiding in ([self.now_line], []):
            for number, lane in enumerate(lanes):
                for label in choices:
                    if lane.takes(label, symbols, avoiding):
                        return number, label
        lanes.append(fresh if not lanes else Lane())
        for avoiding in ([self.now_line], []):
            for label in choices:
                if lanes[-1].takes(label, symbols, avoiding):
                    return len(lanes) - 1, label
        return len(lanes) - 1, choices[-1]

    def write(self, label: Label, y: float, kind: str = "") -> None:
        self.picture.words.append(Words(label.x, y, label.text, kind, label.dx, label.anchor))
