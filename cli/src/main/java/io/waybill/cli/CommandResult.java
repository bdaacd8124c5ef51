package io.waybill.cli;

/** What the end of a command means for its runs. */
enum CommandResult {
    /** It ended with 0: the runs are done. */
    PROCESSED,
    /** It ended with another code, or was killed. */
    FAILED,
    /** It ended with the code that asks for another attempt later; this one is not counted. */
    LATER,
    /** It was stopped, as this process was told to end or another run of its batch was lost; the attempt is not counted. */
    GIVEN_BACK;

    /** The reason, for people and for the record. */
    String note(int exitCode) {
        return switch (this) {
            case PROCESSED -> "";
            case FAILED ->
                exitCode > 128 && exitCode < 128 + 65
                        ? "the command was killed by signal " + (exitCode - 128)
                        : "the command ended with exit code " + exitCode;
            case LATER -> "the command ended with exit code %d: not now".formatted(exitCode);
            case GIVEN_BACK -> "the command was stopped";
        };
    }
}
