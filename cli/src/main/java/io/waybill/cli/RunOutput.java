package io.waybill.cli;

import io.waybill.manifest.Claim;
import io.waybill.manifest.ManifestListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Where runs are published, each as a whole. Listens to the manifest, and takes back what was published under a claim that
 * was lost.
 */
interface RunOutput extends ManifestListener, AutoCloseable {

    /** A place that is not visible under any run's name, to write a run into. */
    Stage begin(Claim claim) throws IOException;

    @Override
    void close() throws IOException;

    /** A run that is being written. Closing it gives up what was not published. */
    interface Stage extends Closeable {

        /** A file of the run, {@code bad/…} for one beside it; closed without an exception, it is durable. */
        OutputStream create(String name) throws IOException;

        /**
         * Makes what was written visible under the run's name, in the place of an earlier publication.
         *
         * @param stillOurs renews the claim, or throws
         * @return where it is
         */
        String publish(Runnable stillOurs) throws IOException;

        @Override
        void close();
    }
}
