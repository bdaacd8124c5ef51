package io.waybill.cli;

import io.waybill.cli.RunCensus.Day;
import io.waybill.cli.RunCensus.Gap;
import io.waybill.cli.RunCensus.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The state of a manifest as one page of HTML: without script, and without anything that is asked of a network, which the
 * page itself forbids. Each kind of run has a colour and a pattern.
 */
final class HtmlReport {

    /** A run that somebody should do something about. */
    record Trouble(String run, Kind kind, String when, String reason, String command) {}

    private static final int OPEN_ROWS = 10;
    private static final int MOST_ROWS = 200; // of a table: who has more troubles asks the command
    private static final int MOST_BARS = 120;
    private static final int FEWEST_BARS = 14; // so that one day is no wall
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

    private final Appendable out;

    HtmlReport(Appendable out) {
        this.out = out;
    }

    void write(String title, Instant at, RunCensus census, List<Gap> gaps, List<Trouble> troubles) throws IOException {
        print(HEAD.replace("%TITLE%", text(title)));
        print("<header><h1>%s</h1><p>as of %s UTC</p></header>\n<main>\n", text(title), minute(at));
        writeTotals(census, gaps.stream().mapToLong(Gap::missing).sum());
        for (Kind kind : List.of(Kind.FAILED, Kind.STUCK, Kind.WAITING, Kind.DRIFTED, Kind.ARCHIVED)) {
            writeTroubles(
                    kind,
                    troubles.stream().filter(trouble -> trouble.kind() == kind).toList());
        }
        writeGaps(census, gaps);
        writeCalendar(census.days());
        writeBars(
                census.days(),
                "Volume",
                "of the input files, by the day on which the runs started",
                day -> day.bytes,
                HtmlReport::bytes);
        writeBars(
                census.days(),
                "Events",
                "by the day on which the runs started",
                day -> day.events,
                n -> String.format(Locale.ROOT, "%,d events", n));
        writeBars(
                census.days(),
                "Duration",
                "of processing, by the day on which the runs started",
                day -> day.millis,
                n -> Durations.show(Duration.ofMillis(n)));
        print("</main>\n</body>\n</html>\n");
    }

    private void writeTotals(RunCensus census, long missing) throws IOException {
        print("<ul class=\"totals\">\n");
        for (Map.Entry<Kind, Integer> count : census.counts().entrySet()) {
            print(
                    "<li><i class=\"%s\"></i><b>%,d</b> %s</li>\n",
                    style(count.getKey()), count.getValue(), count.getKey().words);
        }
        if (missing > 0) {
            print("<li><i class=\"%s\"></i><b>%,d</b> %s</li>\n", style(Kind.MISSING), missing, Kind.MISSING.words);
        }
        print("</ul>\n");
        if (census.counts().isEmpty()) {
            print("<p>The manifest knows no run yet.</p>\n");
        }
    }

    private void writeCalendar(SortedMap<LocalDate, Day> days) throws IOException {
        if (days.isEmpty()) {
            return;
        }
        SortedMap<YearMonth, SortedMap<LocalDate, Day>> months = new TreeMap<>(Comparator.reverseOrder());
        days.forEach((date, day) -> months.computeIfAbsent(YearMonth.from(date), month -> new TreeMap<>())
                .put(date, day));
        print(
                "<section><h2>Calendar</h2>\n<p>Each day by the worst of its runs, the last month first.</p>\n<div class=\"months\">\n");
        for (Map.Entry<YearMonth, SortedMap<LocalDate, Day>> month : months.entrySet()) {
            print("<div class=\"month\"><h3>%s</h3><div class=\"days\">", MONTH.format(month.getKey()));
            int blank = month.getKey().atDay(1).getDayOfWeek().getValue() - 1;
            print("<s></s>".repeat(blank));
            for (int i = 1; i <= month.getKey().lengthOfMonth(); i++) {
                Day day = month.getValue().get(month.getKey().atDay(i));
                if (day == null) {
                    print("<s>%d</s>", i);
                } else {
                    print(
                            "<i class=\"%s\" title=\"%s: %s\">%d</i>",
                            style(day.worst()), month.getKey().atDay(i), describe(day), i);
                }
            }
            print("</div></div>\n");
        }
        print("</div></section>\n");
    }

    private static String describe(Day day) {
        return day.counts.entrySet().stream()
                .map(count -> "%,d %s".formatted(count.getValue(), count.getKey().words))
                .collect(Collectors.joining(", "));
    }

    private void writeGaps(RunCensus census, List<Gap> gaps) throws IOException {
        String rhythm = census.rhythm().map(Durations::show).orElse("");
        if (rhythm.isEmpty()) {
            return;
        }
        print("<section><h2>Gaps</h2>\n<p>Runs start every %s as a rule. ", rhythm);
        print(gaps.isEmpty() ? "None is missing.</p>\n" : "Missing are:</p>\n");
        if (!gaps.isEmpty()) {
            print("<table><thead><tr><th>after</th><th>before</th><th class=\"n\">runs</th></tr></thead><tbody>\n");
            for (Gap gap : gaps.subList(Math.max(0, gaps.size() - OPEN_ROWS), gaps.size())) {
                print(
                        "<tr><td>%s</td><td>%s</td><td class=\"n\">%,d</td></tr>\n",
                        minute(gap.after()), minute(gap.before()), gap.missing());
            }
            print("</tbody></table>\n");
            if (gaps.size() > OPEN_ROWS) {
                print("<p>and %,d earlier ones</p>\n", gaps.size() - OPEN_ROWS);
            }
        }
        print("</section>\n");
    }

    private void writeTroubles(Kind kind, List<Trouble> troubles) throws IOException {
        if (troubles.isEmpty()) {
            return;
        }
        String words = kind.words.substring(0, 1).toUpperCase(Locale.ROOT) + kind.words.substring(1);
        print("<section><h2><i class=\"%s\"></i>%s</h2>\n", style(kind), words);
        int open = Math.min(OPEN_ROWS, troubles.size());
        int most = Math.min(MOST_ROWS, troubles.size());
        writeRows(troubles.subList(0, open));
        if (open < most) {
            print("<details><summary>%,d more</summary>\n", most - open);
            writeRows(troubles.subList(open, most));
            print("</details>\n");
        }
        writeRest(troubles.size(), command(kind));
        print("</section>\n");
    }

    private void writeRows(List<Trouble> troubles) throws IOException {
        print(
                "<table class=\"cards\"><thead><tr><th>run</th><th>since</th><th>why</th><th>what to do</th></tr></thead>");
        print("<tbody>\n");
        for (Trouble trouble : troubles) {
            print(
                    "<tr><td>%s</td><td>%s</td><td>%s</td><td><code>%s</code></td></tr>\n",
                    name(trouble.run()), text(trouble.when()), text(trouble.reason()), name(trouble.command()));
        }
        print("</tbody></table>\n");
    }

    /** What lists all runs of a kind, and some others. */
    private static String command(Kind kind) {
        return switch (kind) {
            case FAILED, WAITING -> "waybill list --state failed";
            case STUCK -> "waybill list --state processing";
            case DRIFTED -> "waybill verify ARCHIVE";
            default -> "waybill pending ARCHIVE";
        };
    }

    private void writeRest(int size, String command) throws IOException {
        if (size > MOST_ROWS) {
            print("<p>and %,d more: <code>%s</code></p>\n", size - MOST_ROWS, command);
        }
    }

    private void writeBars(
            SortedMap<LocalDate, Day> days,
            String title,
            String of,
            ToLongFunction<Day> measure,
            LongFunction<String> show)
            throws IOException {
        if (days.values().stream().mapToLong(measure).sum() == 0) {
            return;
        }
        LocalDate first = days.firstKey();
        long span = ChronoUnit.DAYS.between(first, days.lastKey()) + 1;
        int daysPerBar = (int) ((span + MOST_BARS - 1) / MOST_BARS);
        int bars = (int) ((span + daysPerBar - 1) / daysPerBar);
        List<Long> heights = new ArrayList<>(Collections.nCopies(bars, 0L));
        days.forEach((date, day) -> {
            int bar = (int) (ChronoUnit.DAYS.between(first, date) / daysPerBar);
            heights.set(bar, heights.get(bar) + measure.applyAsLong(day));
        });
        long most = Collections.max(heights);
        print("<section><h2>%s</h2>\n<p>%s%s; at most %s</p>\n", title, of, perBar(daysPerBar), show.apply(most));
        print(
                "<svg viewBox=\"0 0 %d 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">",
                Math.max(bars, FEWEST_BARS) * 10, title);
        for (int i = 0; i < bars; i++) {
            double height = 100.0 * heights.get(i) / most;
            print(
                    "<rect x=\"%d\" y=\"%.1f\" width=\"8\" height=\"%.1f\"><title>%s: %s</title></rect>",
                    i * 10 + 1,
                    100 - height,
                    height,
                    first.plusDays((long) i * daysPerBar),
                    show.apply(heights.get(i)));
        }
        print(
                "</svg>\n<p class=\"axis\"><span>%s</span><span>%s</span></p></section>\n",
                first, bars < FEWEST_BARS ? "" : days.lastKey());
    }

    private static String perBar(int days) {
        return days == 1 ? "" : ", %d days to a bar".formatted(days);
    }

    private static String bytes(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%,.0f %s" : "%,.1f %s", value, units[unit]);
    }

    static String minute(Instant time) {
        return MINUTE.format(time.atOffset(ZoneOffset.UTC));
    }

    private static String style(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String text(String raw) {
        return raw.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A text that is broken behind a slash, if anywhere. */
    private static String name(String raw) {
        return text(raw).replaceAll("/(?=.)", "/<wbr>");
    }

    private void print(String format, Object... values) throws IOException {
        out.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>%TITLE%</title>
            <style>
            :root { color-scheme: light dark; --paper: #fff; --ink: #1b1f24; --faint: #6a7178; --line: #d5dade; --none: #eceff2;
              --good: #9fd3b6; --good-ink: #0b3d22; --blue: #7fb2e5; --new: #d7e6f5; --grey: #c9cdd2; --amber: #f2c14e;
              --red: #b3261e; --red-ink: #fff; --mark: rgba(0,0,0,.38); --mark-light: rgba(255,255,255,.55); --bar: #4d86c1; }
            @media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e6e9ec; --faint: #9aa3ab; --line: #343b42;
              --none: #21262b; --good: #2f6b4a; --good-ink: #e2f5ea; --blue: #3b6ea5; --new: #2b3f54; --grey: #4a5158;
              --amber: #9a7412; --red: #d2483f; --mark: rgba(255,255,255,.42); --mark-light: rgba(0,0,0,.5); --bar: #6ea3da; } }
            * { box-sizing: border-box; }
            body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--paper); color: var(--ink);
              font: 16px/1.45 system-ui, sans-serif; }
            header p, section > p { color: var(--faint); margin: .2rem 0 .8rem; }
            h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .2rem; }
            h3 { font-size: .8rem; font-weight: 600; margin: 0 0 .2rem; color: var(--faint); }
            .totals { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; padding: 0; margin: 1rem 0; }
            .totals i, h2 i { display: inline-block; width: 1.1em; height: 1.1em; border-radius: 3px; margin-right: .4em;
              vertical-align: -.15em; }
            .months { display: flex; flex-wrap: wrap; gap: 1rem 1.2rem; }
            .days { display: grid; grid-template-columns: repeat(7, 20px); grid-auto-rows: 20px; gap: 2px; }
            .days > * { font: 10px/20px system-ui, sans-serif; text-align: center; text-decoration: none; border-radius: 3px; }
            .days s { color: var(--faint); background: var(--none); } .days s:empty { background: none; }
            i.processed { background: var(--good); color: var(--good-ink); }
            i.skipped { background: var(--grey) linear-gradient(var(--mark), var(--mark)) bottom/100% 3px no-repeat; }
            i.processing { background: var(--blue) repeating-linear-gradient(90deg, transparent 0 4px, var(--mark-light) 4px 6px); }
            i.new { background: var(--new); outline: 1px dashed var(--blue); outline-offset: -1px; }
            i.archived { background: var(--new) radial-gradient(var(--mark) 1px, transparent 1.5px) 0 0/5px 5px; }
            i.drifted { background: var(--amber) linear-gradient(var(--mark) 3px, transparent 3px calc(100% - 3px), var(--mark) 0); }
            i.missing { background: none; outline: 2px dotted var(--red); outline-offset: -2px; }
            i.waiting { background: var(--amber) repeating-linear-gradient(45deg, transparent 0 4px, var(--mark) 4px 5px); }
            i.stuck { background: var(--amber); outline: 3px double var(--ink); outline-offset: -3px; }
            i.failed { background: var(--red) repeating-linear-gradient(-45deg, transparent 0 5px, var(--mark-light) 5px 6px);
              color: var(--red-ink); font-weight: 700; }
            i { font-style: normal; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; }
            th { text-align: left; color: var(--faint); font-weight: 600; }
            th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            td { overflow-wrap: anywhere; } .cards td:nth-child(odd), .cards td:last-child { min-width: 16rem; }
            .cards td:nth-child(2) { white-space: nowrap; } .n { text-align: right; } code { font-size: .85rem; }
            svg { width: 100%; height: 7rem; background: var(--none); fill: var(--bar); display: block; }
            .axis { display: flex; justify-content: space-between; font-size: .8rem; }
            summary { cursor: pointer; padding: .4rem 0; }
            @media (max-width: 40rem) {
              .cards thead { display: none; } .cards tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
              .cards td { display: block; border: 0; padding: .05rem 0; } .cards td:first-child { font-weight: 600; } }
            @media print { :root { color-scheme: light; } body { max-width: none; font-size: 11px; }
              i, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .month, tr { break-inside: avoid; } }
            </style>
            </head>
            <body>
            """;
}
