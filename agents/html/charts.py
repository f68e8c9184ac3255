"""Charts as static SVG that stands in a page: no script, nothing from elsewhere, read out by a screen reader.

A chart is a Vega-Lite specification, drawn by vl-convert in this process. It is as wide as a phone's column, so that
its letters are not shrunk there; at a desk, several stand side by side. Colours are of the Okabe-Ito palette, which
people with any kind of colour blindness tell apart, and every bar bears its number.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from markupsafe import Markup

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
INK, SOFT, LINE = "#1b1f24", "#555d66", "#d4d8dd"
BLUE, VERMILION, GREY = "#0072b2", "#d55e00", "#8a8f96"
WIDTH_PX = 340  # of the whole drawing: what a phone of 390 px has between the margins of a page, and a little less
BAR_PX = 26  # for one bar and the space around it
LETTER_PX = 6.6  # of the font at 12 px, about
SIZES = re.compile(r'^<svg([^>]*?) width="([\d.]+)" height="([\d.]+)"')


def bars_both_ways(
    table: pl.DataFrame, *, label: str, right: str, left: str, title: str, description: str, order: Sequence[Any] = ()
) -> Markup:
    """One row per `label`: a bar to the right for column `right`, one to the left for `left`, both counted from 0.

    The columns' names are told as they are. `order`: of the labels; by default as they come.
    """
    long = pl.concat(
        table.select(
            pl.col(label).cast(pl.String).alias("label"),
            (pl.col(column) * sign).alias("value"),
            pl.col(column).alias("count"),
            pl.lit(column).alias("series"),
        )
        for column, sign in ((right, 1), (left, -1))
    )
    drawn = _rows(long, order, table.get_column(label))
    value = {"field": "value", "type": "quantitative", "title": None, "axis": None, "scale": {"padding": 34}}
    colour = _colour([left, right], [VERMILION, BLUE])
    number = {"field": "count", "type": "quantitative", "format": ","}
    bar = {"mark": {"type": "bar", "height": {"band": 0.62}}, "encoding": {"color": colour}}
    layers = [
        bar,
        _text(number, "datum.value > 0", "left", 4),
        _text(number, "datum.value < 0", "right", -4),
        {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {"datum": 0}, "y": None}},
    ]
    return _drawn(drawn, value, layers, title, description)


def bars_in_pairs(
    table: pl.DataFrame,
    *,
    label: str,
    before: str,
    after: str,
    names: tuple[str, str],
    title: str,
    description: str,
    number_format: str = ",",
) -> Markup:
    """One row per `label` with two bars: column `before` in grey and `after` in blue; nulls have no bar.

    `names`: what the two are called. `number_format`: as d3 writes numbers, for example ".1%".
    """
    long = pl.concat(
        table.select(
            pl.col(label).cast(pl.String).alias("label"),
            pl.col(column).alias("value"),
            pl.lit(name).alias("series"),
        )
        for column, name in ((before, names[0]), (after, names[1]))
    )
    drawn = _rows(long.drop_nulls("value"), (), table.get_column(label), rows_per_label=2)
    value = {"field": "value", "type": "quantitative", "title": None, "axis": None, "scale": {"zero": True}}
    offset = {"field": "series", "type": "nominal", "sort": list(names)}
    number = {"field": "value", "type": "quantitative", "format": number_format}
    bar = {
        "mark": {"type": "bar", "height": {"band": 0.86}},
        "encoding": {"color": _colour(list(names), [GREY, BLUE]), "yOffset": offset},
    }
    text = _text(number, None, "left", 4)
    text["encoding"]["yOffset"] = offset
    return _drawn(drawn, value, [bar, text], title, description, room=96)


def _rows(long: pl.DataFrame, order: Sequence[Any], labels: pl.Series, rows_per_label: int = 1) -> Mapping[str, Any]:
    told = [str(it) for it in (order or labels.unique(maintain_order=True).to_list())]
    longest = max((len(it) for it in told), default=1)
    return {
        "values": long.to_dicts(),
        "order": told,
        "height": max(1, len(told)) * BAR_PX * (1.0 if rows_per_label == 1 else 1.7),
        "labels": min(longest * LETTER_PX + 8, WIDTH_PX * 0.55),
    }


def _colour(names: list[str], colours: list[str]) -> dict[str, Any]:
    legend = {"title": None, "orient": "top", "direction": "horizontal", "symbolType": "square", "labelFontSize": 12}
    return {"field": "series", "type": "nominal", "scale": {"domain": names, "range": colours}, "legend": legend}


def _text(number: dict[str, Any], only: str | None, align: str, dx: int) -> dict[str, Any]:
    layer: dict[str, Any] = {
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "dx": dx,
            "fontSize": 12,
            "color": INK,
            "aria": False,
        },
        "encoding": {"text": number},
    }
    if only is not None:
        layer["transform"] = [{"filter": only}]
    return layer


def _drawn(
    drawn: Mapping[str, Any],
    value: dict[str, Any],
    layers: list[dict[str, Any]],
    title: str,
    description: str,
    room: float = 0,
) -> Markup:
    import vl_convert  # noqa: PLC0415 - 80 MB of drawing machine, which no command needs that draws nothing

    axis = {"title": None, "domain": False, "ticks": False, "labelFontSize": 12, "labelLimit": drawn["labels"]}
    label = {"field": "label", "type": "nominal", "sort": drawn["order"], "axis": axis}
    specification = {
        "data": {"values": drawn["values"]},
        "width": WIDTH_PX - drawn["labels"] - room - 12,
        "height": drawn["height"],
        "encoding": {"y": label, "x": value},
        "layer": layers,
        "background": "transparent",
        "padding": {"left": 2, "right": room + 4, "top": 4, "bottom": 4},
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelColor": INK, "grid": False},
            "legend": {"labelColor": INK},
        },
    }
    return _accessible(vl_convert.vegalite_to_svg(specification), title, description)


def _accessible(svg: str, title: str, description: str) -> Markup:
    """The drawing as one image with a name and a description, as wide as there is room and no wider than it is."""
    found = SIZES.match(svg)
    assert found is not None, "vl-convert begins a drawing with its size"
    begin = (
        f'<svg{found[1]} role="img" aria-label="{html.escape(title)}" '
        f'style="width:100%;max-width:{found[2]}px;height:auto"'
    )
    rest = svg[found.end() :]
    close = rest.index(">") + 1
    told = f"<title>{html.escape(title)}</title><desc>{html.escape(description)}</desc>"
    return Markup(begin + rest[:close] + told + rest[close:])  # noqa: S704 - our own drawing; what it says is escaped
