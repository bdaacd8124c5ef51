package io.waybill.cli;

import io.waybill.manifest.NoSuchStoreException;
import io.waybill.manifest.StoreAccessDeniedException;
import io.waybill.manifest.StoreMissingException;
import java.nio.file.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** How the command ends; scripts rely on these numbers. */
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int SOME_RUNS_FAILED = 3;
    static final int FINDINGS = 4;
    static final int NOT_INITIALISED = 10;
    static final int HELD = 11;
    static final int ACCESS_DENIED = 12;
    static final int INTERRUPTED = 130;

    private ExitCode() {}

    static int of(Exception e) {
        if (e instanceof StoreMissingException) {
            return NOT_INITIALISED;
        }
        if (isAccessDenied(e)) {
            return ACCESS_DENIED;
        }
        if (e instanceof IllegalArgumentException
                || e instanceof NoSuchStoreException) { // what the user named is not understood
            return USAGE;
        }
        return e instanceof InterruptedException ? INTERRUPTED : FAILED;
    }

    /** Whether it was for want of rights, of which a cause may tell: to the store, the archive, or what is to be written. */
    private static boolean isAccessDenied(@Nullable Throwable e) {
        return e != null
                && (e instanceof StoreAccessDeniedException
                        || e instanceof AccessDeniedException
                        || isAccessDenied(e.getCause()));
    }
}
