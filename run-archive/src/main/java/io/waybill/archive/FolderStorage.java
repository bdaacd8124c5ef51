package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;

/** A folder that somebody else can list and read. */
final class FolderStorage implements Storage {

    private final ArchiveFolder folder;

    FolderStorage(ArchiveFolder folder) {
        this.folder = folder;
    }

    @Override
    public String root() {
        return folder.idPrefix();
    }

    @Override
    public String location() {
        return folder.location();
    }

    @Override
    public String location(RunId run, String name) {
        return folder.location() + path(run, name);
    }

    @Override
    public Optional<Path> folder() {
        return Optional.empty();
    }

    @Override
    public Iterator<Entry> list(String key, String from) {
        String path = key.substring(root().length());
        try {
            return folder.list(path).stream()
                    .map(entry -> new Entry(key + entry.name() + (entry.isFolder() ? "/" : ""), null))
                    .sorted(Comparator.comparing(Entry::key, Names.BYTE_ORDER))
                    .iterator();
        } catch (NoSuchFileException e) {
            if (!path.isEmpty()) { // removed since its parent was listed
                return Collections.emptyIterator();
            }
            throw unlisted(path, e);
        } catch (IOException e) {
            throw unlisted(path, e);
        }
    }

    private UncheckedIOException unlisted(String path, IOException cause) {
        return new UncheckedIOException(
                "cannot list the runs in %s%s: %s".formatted(folder.location(), path, cause), cause);
    }

    @Override
    public void look(RunId run, RunContents contents) throws IOException {
        look(run, path(run, ""), "", contents);
    }

    private void look(RunId run, String path, String below, RunContents contents) throws IOException {
        for (ArchiveFolder.Entry entry : folder.list(path)) {
            String name = below + entry.name();
            if (entry.isFolder()) {
                contents.note(name);
                look(run, path + entry.name() + "/", name + "/", contents);
            } else {
                contents.add(new RunFile(run, name, entry.size(), entry.modified(), ""));
            }
        }
    }

    @Override
    public InputStream open(RunFile file) throws IOException {
        return folder.open(path(file.run(), file.name()));
    }

    @Override
    public void close() {
        // it is the caller's
    }

    /** The path of a file of a run, or of the run; refuses what leaves the folder. */
    private String path(RunId run, String name) {
        String key = run.key();
        if (!key.startsWith(root()) || !key.endsWith("/")) {
            throw new IllegalArgumentException("run '%s' is none of archive %s: want an id such as '%srun=…/'"
                    .formatted(key, folder.location(), root()));
        }
        String path = key.substring(root().length()) + name;
        for (String part : path.replaceFirst("/$", "").split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("'%s' is no path below %s: it has the part '%s'"
                        .formatted(Names.visible(path), folder.location(), part));
            }
        }
        return path;
    }
}
