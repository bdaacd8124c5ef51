package io.waybill.benchmarks;

/** All bytes looked at once, one by one. */
final class TabScan implements Work {

    private final EventData data;

    TabScan(EventData data) {
        this.data = data;
    }

    @Override
    public int run(Sink sink) {
        int tabs = 0;
        for (byte b : data.tsv()) {
            if (b == '\t') {
                tabs++;
            }
        }
        sink.number(tabs);
        return 1;
    }
}
