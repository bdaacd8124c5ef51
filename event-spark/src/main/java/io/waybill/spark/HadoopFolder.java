package io.waybill.spark;

import io.waybill.archive.ArchiveFolder;
import io.waybill.archive.RunArchive;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder in any file system that Hadoop knows. */
final class HadoopFolder implements ArchiveFolder {

    private final URI root;
    private final FileSystem files;

    private HadoopFolder(URI root, FileSystem files) {
        this.root = root;
        this.files = files;
    }

    /** The folder at a location with its scheme, as {@link #location()} has it. */
    static HadoopFolder at(String location, Configuration configuration) throws IOException {
        Path path = new Path(location);
        FileSystem files = path.getFileSystem(configuration);
        return new HadoopFolder(files.makeQualified(path).toUri(), files);
    }

    @Override
    public String location() {
        String text = new Path(root).toString();
        return text.endsWith("/") ? text : text + "/";
    }

    @Override
    public String idPrefix() {
        return idPrefix(new Path(root));
    }

    /** In S3 the key of the folder, as {@link RunArchive} has it there; elsewhere nothing. */
    static String idPrefix(Path root) {
        String scheme = root.toUri().getScheme();
        if (scheme == null || !scheme.matches("s3[an]?")) {
            return "";
        }
        String key = root.toUri().getPath().replaceFirst("^/", "");
        return key.isEmpty() || key.endsWith("/") ? key : key + "/";
    }

    @Override
    public List<Entry> list(String path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try {
            for (FileStatus found : files.listStatus(below(path))) {
                Instant modified = Instant.ofEpochMilli(found.getModificationTime());
                entries.add(new Entry(found.getPath().getName(), found.isDirectory(), found.getLen(), modified));
            }
        } catch (FileNotFoundException e) {
            NoSuchFileException missing = new NoSuchFileException(location() + path, null, "there is no such folder");
            missing.initCause(e);
            throw missing;
        }
        return entries;
    }

    @Override
    public InputStream open(String path) throws IOException {
        return files.open(below(path));
    }

    /** Not by resolving, which takes a name with a colon for the URI of something else. */
    private Path below(String path) {
        String folder = root.getPath();
        String separator = folder.endsWith("/") ? "" : "/";
        return new Path(root.getScheme(), root.getAuthority(), (folder + separator + path).replaceFirst("(.)/$", "$1"));
    }
}
