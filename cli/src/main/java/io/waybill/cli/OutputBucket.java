package io.waybill.cli;

import io.waybill.archive.S3Draft;
import io.waybill.archive.S3Output;
import io.waybill.manifest.Claim;
import io.waybill.manifest.ClaimLostException;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The place in S3 that runs are published into. */
final class OutputBucket implements RunOutput {

    private final S3Output output;
    private final Function<RunId, String> paths;
    private final Map<Claim, S3Draft> drafts = new ConcurrentHashMap<>();

    /** Takes the path of each run below the archive, which it gets below the output, which is closed with this. */
    OutputBucket(S3Output output, Function<RunId, String> paths) {
        this.output = output;
        this.paths = paths;
    }

    @Override
    public Stage begin(Claim claim) throws IOException {
        S3Draft draft = output.begin(paths.apply(claim.run()), claim.fence());
        drafts.put(claim, draft);
        return new Stage() {
            private boolean published;

            @Override
            public OutputStream create(String name) {
                return draft.create(name);
            }

            @Override
            public String publish(Runnable stillOurs) throws IOException {
                draft.publish(stillOurs);
                published = true;
                return draft.location();
            }

            @Override
            public void close() {
                draft.close();
                if (!published) {
                    drafts.remove(claim);
                }
            }
        };
    }

    @Override
    public void ended(Claim claim, RunRecord record) {
        drafts.remove(claim);
    }

    /** Takes back what was published or uploaded under the claim, which also ends the uploads under way. */
    @Override
    public void lost(Claim claim, ClaimLostException why) {
        S3Draft draft = drafts.remove(claim);
        if (draft != null) {
            try {
                draft.withdraw();
            } catch (IOException e) {
                throw new UncheckedIOException("%s: what it published could not be withdrawn".formatted(claim), e);
            }
        }
    }

    @Override
    public void close() {
        output.close();
    }
}
