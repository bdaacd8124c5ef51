package io.waybill.archive;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/**
 * A folder in a file system that {@link RunArchive#at} does not know, such as one of Hadoop's, in which the runs of an
 * archive lie. Safe for use by many threads where the archive is used by several.
 */
public interface ArchiveFolder {

    /**
     * What lies directly in a folder.
     *
     * @param name its name, the last part of its path
     * @param isFolder whether it is a folder
     * @param size the bytes of a file as stored
     * @param modified when a file was last modified
     */
    record Entry(String name, boolean isFolder, long size, Instant modified) {}

    /**
     * Where the folder is, as a person would write it.
     *
     * @return a location that ends in a slash; the locations of runs begin with it
     */
    String location();

    /**
     * What the ids of all runs begin with.
     *
     * @return empty, or text that ends in a slash
     */
    String idPrefix();

    /**
     * Lists a folder.
     *
     * @param path its path below this folder, which ends in a slash; empty for this folder itself
     * @return what lies directly in it, in any order
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws IOException if it cannot be listed
     */
    List<Entry> list(String path) throws IOException;

    /**
     * Opens a file.
     *
     * @param path its path below this folder
     * @return its bytes as stored; the caller closes the stream
     * @throws IOException if it cannot be opened
     */
    InputStream open(String path) throws IOException;
}
