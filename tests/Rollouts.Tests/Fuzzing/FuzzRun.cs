using System.Collections.Concurrent;

namespace Rollouts.Tests.Fuzzing;

/// <summary>
/// Gives many made-up inputs to what is tested, on all cores, the same ones every time. Whatever is thrown is a failure; so is an input that takes longer
/// than <see cref="Longest"/> of processor time, and memory that grows.
/// </summary>
internal sealed class FuzzRun
{
    /// <summary>What one input may take.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private const int BatchSize = 1000;

    // Of the second half: by then the caches of runtime and regular expressions are full. Eighty bytes kept of each manifest would be more.
    private const long MostGrowth = 8 << 20;

    private readonly ConcurrentBag<TimeSpan[]> times = [];
    private readonly ConcurrentQueue<string> failures = [];

    /// <param name="inputs">How many, a multiple of a thousand.</param>
    /// <param name="seed">Another one gives other inputs.</param>
    /// <param name="make">Makes an input.</param>
    /// <param name="take">Takes it; what it throws is a failure.</param>
    public static void Run<T>(int inputs, int seed, Func<Random, T> make, Action<T> take)
    {
        var run = new FuzzRun();
        int batches = inputs / BatchSize;
        run.Batches(0, batches / 2, seed, make, take);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        run.Batches(batches / 2, batches, seed, make, take);
        long growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        run.Report(growth);
        Assert.Empty(run.failures);
        Assert.InRange(growth, long.MinValue, MostGrowth);
    }

    private void Batches<T>(int from, int to, int seed, Func<Random, T> make, Action<T> take) =>
        Parallel.For(from, to, batch =>
        {
            var random = new Random(seed + batch);
            var taken = new TimeSpan[BatchSize];
            for (int i = 0; i < BatchSize && failures.Count < 10; i++)
                taken[i] = Take(make(random), take);
            times.Add(taken);
        });

    private TimeSpan Take<T>(T input, Action<T> take)
    {
        try
        {
            TimeSpan took = ThreadTime.Of(() => take(input));
            // What was compiled, or collected, in the first attempt is not in the second.
            if (took > Longest && (took = ThreadTime.Of(() => take(input))) > Longest)
                failures.Enqueue($"{took.TotalMilliseconds:0} ms: {input}");
            return took;
        }
        catch (Exception e)
        {
            failures.Enqueue($"{e}: {input}");
            return TimeSpan.Zero;
        }
    }

    private void Report(long growth)
    {
        TimeSpan[] sorted = [.. times.SelectMany(t => t).Order()];
        string At(double share) => $"{sorted[(int)(share * (sorted.Length - 1))].TotalMicroseconds:0} µs";
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{sorted.Length} inputs, processor time: median {At(0.5)}, p99 {At(0.99)}, p99.9 {At(0.999)}, longest {At(1)}, "
            + $"{sorted.Sum(t => t.TotalSeconds):0} s in all; memory grew by {growth / 1024} KB");
    }
}

/// <summary>These tests take all cores and measure memory, so they run alone.</summary>
[CollectionDefinition(nameof(FuzzCollection), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's word for it.
public sealed class FuzzCollection;
#pragma warning restore CA1711
