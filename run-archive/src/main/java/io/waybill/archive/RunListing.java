package io.waybill.archive;

import io.waybill.manifest.InvalidRunIdException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listing of the runs of an archive. It walks the levels of the layout depth first and holds one iterator for each; a
 * folder is known by the run id that it would have.
 */
final class RunListing implements Iterator<RunId> {

    private final Storage storage;
    private final RunLayout layout;
    private final RunRange range;
    private final RunRange below;
    private final Consumer<String> onForeign;

    private final Deque<Iterator<Storage.Entry>> levels = new ArrayDeque<>();
    private boolean started;
    private @Nullable RunId next;
    private @Nullable UncheckedIOException failure;

    RunListing(Storage storage, RunLayout layout, RunRange range, Consumer<String> onForeign) {
        this.storage = storage;
        this.layout = layout;
        this.range = range;
        this.below = new RunRange("", range.to());
        this.onForeign = onForeign;
    }

    @Override
    public boolean hasNext() {
        if (failure != null) { // whoever goes on after an error must not meet a quiet end
            throw new UncheckedIOException(failure.getMessage(), failure.getCause());
        }
        try {
            advance();
        } catch (UncheckedIOException e) {
            failure = e;
            throw e;
        }
        return next != null;
    }

    @Override
    public RunId next() {
        RunId run = hasNext() ? next : null;
        if (run == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return run;
    }

    private void advance() {
        if (!started) {
            started = true;
            levels.push(storage.list(storage.root(), range.from()));
        }
        while (next == null && !levels.isEmpty()) {
            if (levels.element().hasNext()) {
                enter(levels.element().next());
            } else {
                levels.pop();
            }
        }
    }

    private void enter(Storage.Entry entry) {
        String path = entry.key().substring(storage.root().length()).replaceFirst("/$", "");
        if (path.startsWith(".", path.lastIndexOf('/') + 1)) {
            return;
        }
        RunId folder;
        try {
            folder = new RunId(storage.root() + path + "/");
        } catch (InvalidRunIdException e) {
            onForeign.accept(Names.visible(path + ": " + e.getMessage()));
            return;
        }
        if (entry.isFolder() && !below.contains(folder)) {
            levels.pop(); // and so are all that follow
        } else if (mayHoldRuns(folder)) {
            Optional<String> why = whyForeign(entry, path);
            if (why.isPresent()) {
                onForeign.accept(
                        "%s%s: %s".formatted(path, entry.why() == null && entry.isFolder() ? "/" : "", why.get()));
            } else if (levels.size() < layout.depth()) {
                levels.push(storage.list(folder.key(), range.from()));
            } else if (range.contains(folder)) {
                next = folder;
            }
        }
    }

    private Optional<String> whyForeign(Storage.Entry entry, String path) {
        if (entry.why() != null) {
            return Optional.of(entry.why());
        }
        return entry.isFolder() ? layout.whyForeign(List.of(path.split("/", -1))) : Optional.of("not a folder");
    }

    /** Whether any id that begins with this folder's lies in the range. */
    private boolean mayHoldRuns(RunId folder) {
        return below.contains(folder)
                && (range.from().startsWith(folder.key()) || new RunRange(range.from(), null).contains(folder));
    }
}
