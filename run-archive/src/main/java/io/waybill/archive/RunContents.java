package io.waybill.archive;

import io.waybill.archive.RunInspection.Status;
import io.waybill.manifest.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that lies in one run, and what the rules shared by every kind of archive make of it. */
final class RunContents {

    private final RunId run;
    private final Readiness rules;
    private final List<RunFile> inputs = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private @Nullable String temporary;
    private @Nullable RunFile newest;
    private @Nullable String archived;
    private boolean marked;
    private boolean last;

    RunContents(RunId run, Readiness rules) {
        this.run = run;
        this.rules = rules;
        String folder = run.key().substring(0, run.key().length() - 1);
        note(folder.substring(folder.lastIndexOf('/') + 1));
    }

    /** Takes account of a path below the run, or of the run's own name, that stands for no data. */
    void note(String path) {
        if (Names.isTemporary(path) && (temporary == null || Names.BYTE_ORDER.compare(path, temporary) < 0)) {
            temporary = path;
        }
    }

    /** Takes account of a regular file; tells whether it is an input file. */
    boolean add(RunFile file) {
        note(file.name());
        if (newest == null || file.modified().isAfter(newest.modified())) {
            newest = file;
        }
        if (file.name().equals(rules.marker())) {
            marked = true;
            return false;
        }
        boolean input = !Names.isIgnored(file.name());
        if (input) {
            inputs.add(file);
        } else {
            leftOut.add(file.name());
        }
        return input;
    }

    /** Takes account of an input file that cannot be read before somebody restores it. */
    void archived(String name, String why) {
        if (archived == null) {
            archived = "'%s' is archived and %s".formatted(name, why);
        }
    }

    /** Takes account of that no later run is there. */
    void last() {
        last = true;
    }

    boolean isArchived() {
        return archived != null;
    }

    /** The answer, once everything in the run was taken account of. */
    RunInspection inspection() {
        inputs.sort(Comparator.comparing(RunFile::name, Names.BYTE_ORDER));
        if (temporary != null) {
            return found(Status.NOT_READY, "still being written: '%s' is a temporary name".formatted(temporary));
        }
        if (rules.marker() != null && !marked) {
            return found(Status.NOT_READY, "the ready marker '%s' is not there".formatted(rules.marker()));
        }
        if (last) {
            return found(Status.NOT_READY, "no later run is there");
        }
        Instant now = rules.clock().instant();
        if (newest != null && isTooYoung(newest, now)) {
            String reason = "modified within the quiet period of %s: '%s' at %s, and now is %s"
                    .formatted(rules.quietPeriod(), newest.name(), newest.modified(), now);
            return found(Status.NOT_READY, reason);
        }
        if (inputs.isEmpty()) {
            return found(Status.EMPTY, "no input files" + others());
        }
        if (archived != null) {
            return found(Status.ARCHIVED, archived);
        }
        return found(Status.READY, (inputs.size() == 1 ? "1 input file" : inputs.size() + " input files") + others());
    }

    private boolean isTooYoung(RunFile file, Instant now) {
        // no period, no rule: a file from the future must not keep a run back then
        return !rules.quietPeriod().isZero()
                && Duration.between(file.modified(), now).compareTo(rules.quietPeriod()) < 0;
    }

    private String others() {
        if (leftOut.isEmpty()) {
            return "";
        }
        leftOut.sort(Names.BYTE_ORDER);
        String more = leftOut.size() == 1 ? "" : " and %d more".formatted(leftOut.size() - 1);
        return ", left out by name: '%s'%s".formatted(leftOut.get(0), more);
    }

    private RunInspection found(Status status, String reason) {
        return new RunInspection(run, status, Names.visible(reason), inputs);
    }
}
