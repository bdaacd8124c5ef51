package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A folder of a file system. */
final class LocalStorage implements Storage {

    static final String UNREADABLE = "its name is no text in the encoding that Java uses for file names here";

    private final Path root;

    private LocalStorage(Path root) {
        this.root = root;
    }

    static LocalStorage open(Path location) throws IOException {
        Path given = location.toAbsolutePath();
        requireFolder(given, "there is no such folder, want an archive of runs");
        Path plain = given.normalize();
        // x/.. is not here where x is a symbolic link
        boolean same = Files.exists(plain) && Files.isSameFile(given, plain);
        return new LocalStorage(same ? plain : given);
    }

    @Override
    public String root() {
        return "";
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public String location(RunId run, String name) {
        return (name.isEmpty() ? folderOf(run) : pathOf(run, name)).toString();
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(root);
    }

    @Override
    public Iterator<Entry> list(String folder, String from) {
        List<Entry> found = new ArrayList<>();
        Path path = root.resolve(folder);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                String key = folder + entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
                found.add(new Entry(key, isReadable(entry) ? null : UNREADABLE));
            }
        } catch (NoSuchFileException e) {
            if (folder.isEmpty()) {
                throw unlisted(path, e);
            }
            // removed since its parent was listed: had this listing begun later, it would not have seen it either
            return Collections.emptyIterator();
        } catch (DirectoryIteratorException e) {
            throw unlisted(path, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unlisted(path, e);
        }
        found.sort(Comparator.comparing(Entry::key, Names.BYTE_ORDER));
        return found.iterator();
    }

    @Override
    public void look(RunId run, RunContents contents) throws IOException {
        Path folder = folderOf(run);
        requireFolder(folder, "the folder of run %s is not there (any more)".formatted(run));
        try {
            EnumSet<FileVisitOption> followed = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
            Files.walkFileTree(folder, followed, Integer.MAX_VALUE, new LocalRunVisitor(run, folder, contents));
        } catch (IOException e) {
            throw new IOException("cannot list the files of run %s in %s: %s".formatted(run, folder, e), e);
        }
    }

    @Override
    public InputStream open(RunFile file) throws IOException {
        return Files.newInputStream(pathOf(file.run(), file.name()));
    }

    @Override
    public void close() {
        // nothing was opened
    }

    /** Whether a path survives being text, as it must to be an id or a file's name. */
    static boolean isReadable(Path path) {
        try {
            return path.equals(path.resolveSibling(String.valueOf(path.getFileName())));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static void requireFolder(Path folder, String otherwise) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(folder, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            NoSuchFileException missing = new NoSuchFileException(folder.toString(), null, otherwise);
            missing.initCause(e);
            throw missing;
        }
        if (!found.isDirectory()) {
            throw new FileSystemException(folder.toString(), null, "is a file where a folder is wanted");
        }
    }

    private Path folderOf(RunId run) {
        String key = run.key();
        if (!key.endsWith("/")) {
            throw new IllegalArgumentException(
                    "run '%s' is none of archive %s: an id ends in a slash, want '%s/'".formatted(key, root, key));
        }
        return below(root, key.substring(0, key.length() - 1));
    }

    private Path pathOf(RunId run, String name) {
        return below(folderOf(run), name);
    }

    private static Path below(Path folder, String names) {
        Path path = folder;
        for (String name : names.split("/", -1)) {
            try {
                Path part = folder.getFileSystem().getPath(name);
                boolean oneDown = part.getNameCount() == 1 && part.getRoot() == null;
                if (!oneDown || name.isEmpty() || name.equals(".") || name.equals("..")) {
                    throw new InvalidPathException(name, "it has the part '%s'".formatted(name));
                }
                path = path.resolve(part);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(
                        "'%s' is no path below %s: %s".formatted(Names.visible(names), folder, e.getReason()), e);
            }
        }
        return path;
    }

    private UncheckedIOException unlisted(Path folder, IOException cause) {
        return new UncheckedIOException(
                "cannot list the runs in %s of archive %s: %s".formatted(folder, root, cause), cause);
    }
}
