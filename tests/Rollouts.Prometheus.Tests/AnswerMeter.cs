namespace Rollouts.Prometheus.Tests;

/// <summary>Counts what is read of the answers that pass through it.</summary>
internal sealed class AnswerMeter : DelegatingHandler
{
    private long read;

    /// <summary>Bytes so far.</summary>
    public long Read => Interlocked.Read(ref read);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        var metered = new StreamContent(new Metered(await response.Content.ReadAsStreamAsync(cancellationToken), this));
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
        {
            metered.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = metered;
        return response;
    }

    private sealed class Metered(Stream inner, AnswerMeter meter) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(buffer, cancellationToken));

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Count(int bytes)
        {
            Interlocked.Add(ref meter.read, bytes);
            return bytes;
        }
    }
}
