package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Folders and files in one place: all in which an archive on a disk differs from one in an object store. */
interface Storage extends AutoCloseable {

    /**
     * What lies directly in a folder.
     *
     * @param key the folder's path, which ends in a slash unless it is empty
     * @param why what it cannot be used for, if so
     */
    record Entry(String key, @Nullable String why) {

        boolean isFolder() {
            return key.endsWith("/");
        }
    }

    /** What the ids of all runs begin with, which is the key of the archive's own folder. */
    String root();

    /** Where the archive is, as a person would write it. */
    String location();

    /** Where a run is, or a file in it; throws {@link IllegalArgumentException} if the text leaves the archive. */
    String location(RunId run, String name);

    /** The folder, if the archive is in a file system. */
    Optional<Path> folder();

    /**
     * Lists a folder lazily, in the byte order of the keys, each once.
     *
     * @param folder its key
     * @param from entries before this key, which may lie outside the folder, may be left out
     * @throws UncheckedIOException here or from the iterator, if the folder cannot be listed
     */
    Iterator<Entry> list(String folder, String from);

    /** Tells the contents of everything in a run. */
    void look(RunId run, RunContents contents) throws IOException;

    /** The bytes of a file as stored. */
    InputStream open(RunFile file) throws IOException;

    @Override
    void close();
}
