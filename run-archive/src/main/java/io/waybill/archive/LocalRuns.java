package io.waybill.archive;

import io.waybill.manifest.InvalidRunIdException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One listing of the runs in a folder. It walks the levels of the layout depth first and holds one sorted folder for each;
 * a folder is known by the run id that it would have.
 */
final class LocalRuns implements Iterator<RunId> {

    static final String UNREADABLE = "its name is no text in the encoding that Java uses for file names here";

    private final Path root;
    private final RunLayout layout;
    private final RunRange range;
    private final RunRange below;
    private final Consumer<String> onForeign;

    private final Deque<Iterator<RunId>> levels = new ArrayDeque<>();
    private boolean started;
    private @Nullable RunId next;
    private @Nullable UncheckedIOException failure;

    LocalRuns(Path root, RunLayout layout, RunRange range, Consumer<String> onForeign) {
        this.root = root;
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

    private void advance() {
        if (!started) {
            started = true;
            levels.push(list(""));
        }
        while (next == null && !levels.isEmpty()) {
            if (!levels.element().hasNext()) {
                levels.pop();
            } else {
                RunId folder = levels.element().next();
                if (levels.size() < layout.depth()) {
                    levels.push(list(folder.key()));
                } else if (range.contains(folder)) {
                    next = folder;
                }
            }
        }
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

    /** The folders in one folder that are runs in the range, or lead to some; the others are reported. */
    private Iterator<RunId> list(String parent) {
        List<RunId> folders = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        Path path = root.resolve(parent);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String name = nameOf(entry);
                if (!name.startsWith(".")) {
                    sort(entry, parent + name, folders, foreign);
                }
            }
        } catch (NoSuchFileException e) {
            if (parent.isEmpty()) {
                throw failed(path, e);
            }
            // removed since its parent was listed: had this listing begun later, it would not have seen it either
        } catch (DirectoryIteratorException e) {
            throw failed(path, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw failed(path, e);
        }
        Collections.sort(folders);
        foreign.sort(Names.BYTE_ORDER);
        foreign.forEach(onForeign);
        return folders.iterator();
    }

    private void sort(Path entry, String key, List<RunId> folders, List<String> foreign) {
        RunId folder;
        try {
            folder = new RunId(key + "/");
        } catch (InvalidRunIdException e) {
            foreign.add(Names.visible(key + ": " + e.getMessage()));
            return;
        }
        if (!mayHoldRuns(folder)) {
            return;
        }
        if (!isReadable(entry)) {
            foreign.add(key + ": " + UNREADABLE);
        } else if (!Files.isDirectory(entry)) {
            foreign.add(key + ": not a folder");
        } else {
            Optional<String> why = layout.whyForeign(List.of(key.split("/")));
            why.ifPresentOrElse(reason -> foreign.add(folder + ": " + reason), () -> folders.add(folder));
        }
    }

    /** Whether any id that begins with this folder's lies in the range. */
    private boolean mayHoldRuns(RunId folder) {
        return below.contains(folder)
                && (range.from().startsWith(folder.key()) || new RunRange(range.from(), null).contains(folder));
    }

    /** Whether a path survives being text, as it must to be an id or a file's name. */
    static boolean isReadable(Path path) {
        try {
            return path.equals(path.resolveSibling(nameOf(path)));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String nameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    private UncheckedIOException failed(Path folder, IOException cause) {
        return new UncheckedIOException(
                "cannot list the runs in %s of archive %s: %s".formatted(folder, root, cause), cause);
    }
}
