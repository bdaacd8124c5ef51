package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * How the folders of an archive name its runs: by one pattern for each folder level, which together tell a time in UTC.
 *
 * <p>A folder whose name does not match the pattern of its level, or names no real time, is no run.
 */
public final class RunLayout {

    /** The groups, in the order in which {@link LocalDateTime#of} takes their values. */
    private static final List<String> GROUPS = List.of("year", "month", "day", "hour", "minute", "second");

    private static final int REQUIRED = 4;
    // a leap year and a long month, so that no day is refused before they are known
    private static final int[] STAND_INS = {2000, 1, 1, 0, 0, 0};
    private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?<([A-Za-z][A-Za-z0-9]*)>");

    /** The layout of the events' own pipeline: {@code run=2017-04-11-10-00-00}, also with a suffix such as {@code -replay}. */
    public static final RunLayout DEFAULT = new RunLayout(
            "run=uuuu-MM-dd-HH-mm-ss",
            "'run='uuuu-MM-dd-HH-mm-ss",
            "run=(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
                    + "-(?<hour>[0-9]{2})-(?<minute>[0-9]{2})-(?<second>[0-9]{2})(?s:-.+)?");

    private static final List<RunLayout> NAMED = List.of(
            DEFAULT,
            new RunLayout(
                    "date=/hour=",
                    "'date='uuuu-MM-dd'/hour='HH",
                    "date=(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})/hour=(?<hour>[0-9]{2})"),
            new RunLayout(
                    "uuuu/MM/dd/HH",
                    "uuuu/MM/dd/HH",
                    "(?<year>[0-9]{4})/(?<month>[0-9]{2})/(?<day>[0-9]{2})/(?<hour>[0-9]{2})"));

    private final String text;
    private final @Nullable DateTimeFormatter names;
    private final List<Pattern> levels = new ArrayList<>();
    private final List<Set<String>> groups = new ArrayList<>();

    private RunLayout(String text, @Nullable String names, String patterns) {
        this.text = text;
        this.names = names == null
                ? null
                : DateTimeFormatter.ofPattern(names, Locale.ROOT).withZone(ZoneOffset.UTC);
        Set<String> known = new HashSet<>();
        for (String level : patterns.split("/", -1)) {
            if (level.isEmpty()) {
                throw invalid(text, "it has an empty folder level");
            }
            Set<String> here = groupsOf(level);
            here.stream().filter(group -> !known.add(group)).findAny().ifPresent(group -> {
                throw invalid(text, "the group '%s' stands on two folder levels".formatted(group));
            });
            levels.add(Pattern.compile(level));
            groups.add(here);
        }
        List<String> missing = new ArrayList<>(GROUPS.subList(0, REQUIRED));
        missing.removeAll(known);
        if (!missing.isEmpty()) {
            throw invalid(text, "it has no group " + String.join(", ", missing));
        }
    }

    /**
     * The layout that a text describes: one by its name ({@code run=uuuu-MM-dd-HH-mm-ss}, {@code date=/hour=},
     * {@code uuuu/MM/dd/HH}), or one by regular expressions.
     *
     * <p>The latter is one expression for each folder level, separated by {@code /} (so that none can hold a
     * {@code /} itself), with the named groups {@code year}, {@code month}, {@code day}, {@code hour} and, if the names
     * tell them, {@code minute} and {@code second}; for example
     * {@code year=(?<year>[0-9]{4})/run-(?<month>[0-9]{2})(?<day>[0-9]{2})T(?<hour>[0-9]{2})}. An expression must match the
     * whole name of a folder.
     *
     * @param text a name or regular expressions
     * @return the layout
     * @throws IllegalArgumentException if the text is none of these; says what is wrong and what is valid
     */
    public static RunLayout of(String text) {
        for (RunLayout layout : NAMED) {
            if (layout.text.equals(text)) {
                return layout;
            }
        }
        if (!text.contains("(?<")) {
            throw invalid(text, "no layout has this name");
        }
        return new RunLayout(text, null, text);
    }

    /**
     * The time of a run by this layout, from the last folder levels of its id.
     *
     * @param run the run
     * @return when the run started; empty if its id does not follow this layout or names no real time
     */
    public Optional<Instant> startedAt(RunId run) {
        List<String> names = Arrays.asList(run.key().replaceFirst("/$", "").split("/", -1));
        if (names.size() < depth()) {
            return Optional.empty();
        }
        try {
            return Optional.of(timeOf(names.subList(names.size() - depth(), names.size())));
        } catch (DateTimeException e) {
            return Optional.empty(); // an id of another layout is an answer
        }
    }

    /** A range that holds all runs below a root that started in a span of time: the least such, if names tell times. */
    RunRange range(String root, Instant since, Instant until) {
        if (names == null) {
            return RunRange.startingWith(root);
        }
        // names are cut to their smallest unit, which is at most an hour; those of the year 10000 have a sign
        Instant least = Instant.parse("0000-01-01T00:00:00Z");
        Instant greatest = Instant.parse("9999-12-31T22:59:59Z");
        String from = root + names.format(within(least, since, greatest));
        return until.isBefore(greatest)
                ? new RunRange(
                        from, root + names.format(within(least, until, greatest).plus(1, ChronoUnit.HOURS)))
                : new RunRange(from, RunRange.startingWith(root).to());
    }

    private static Instant within(Instant least, Instant time, Instant greatest) {
        return time.isBefore(least) ? least : time.isAfter(greatest) ? greatest : time;
    }

    /**
     * How many folder levels a run takes below the archive's folder.
     *
     * @return from 1: 2 for {@code date=/hour=}
     */
    public int depth() {
        return levels.size();
    }

    /** Why a folder is neither a run nor on the way to one, if so; its names are those of the first levels. */
    Optional<String> whyForeign(List<String> names) {
        try {
            timeOf(names);
            return Optional.empty();
        } catch (DateTimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The time by the first levels, or by all. */
    private Instant timeOf(List<String> names) {
        int[] fields = STAND_INS.clone();
        for (int level = 0; level < names.size(); level++) {
            Matcher name = levels.get(level).matcher(names.get(level));
            if (!name.matches()) {
                throw new DateTimeException("does not match the layout " + text);
            }
            for (String group : groups.get(level)) {
                int field = GROUPS.indexOf(group);
                fields[field] = number(name.group(group), field);
            }
        }
        try {
            return LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5])
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new DateTimeException("names no real time: " + e.getMessage(), e);
        }
    }

    private static int number(@Nullable String digits, int field) {
        if (digits == null && field >= REQUIRED) {
            return 0;
        }
        if (digits == null || !digits.matches("[0-9]{1,9}")) {
            throw new DateTimeException("its %s is '%s', not a number".formatted(GROUPS.get(field), digits));
        }
        return Integer.parseInt(digits);
    }

    private Set<String> groupsOf(String level) {
        try {
            Pattern.compile(level);
        } catch (PatternSyntaxException e) {
            String what = "'%s' is no regular expression: %s".formatted(level, e.getDescription());
            throw new IllegalArgumentException(invalid(text, what).getMessage(), e);
        }
        Set<String> found = new HashSet<>();
        NAMED_GROUP.matcher(level).results().map(name -> name.group(1)).forEach(group -> {
            if (!GROUPS.contains(group)) {
                throw invalid(text, "it has the unknown group '%s'".formatted(group));
            }
            found.add(group);
        });
        return found;
    }

    private static IllegalArgumentException invalid(String text, String what) {
        return new IllegalArgumentException(
                ("'%s' is no layout of runs: %s; want run=uuuu-MM-dd-HH-mm-ss, date=/hour=, uuuu/MM/dd/HH, or one regular"
                                + " expression for each folder level, separated by '/', with the named groups year, month,"
                                + " day, hour and, if there are any, minute and second")
                        .formatted(text, what));
    }

    /** The text that {@link #of} was given. */
    @Override
    public String toString() {
        return text;
    }

    /** Whether the other is a layout of the same text. */
    @Override
    public boolean equals(Object other) {
        return other instanceof RunLayout layout && text.equals(layout.text);
    }

    /** The hash of the text. */
    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
