using Rollouts.Benchmarks.Domain;
using Rollouts.Benchmarks.Durable;
using Rollouts.Benchmarks.Embedded;

// The benchmarks, each a command of its own:
//   dotnet run -c Release --project tests/Rollouts.Benchmarks -- COMMAND
return args switch
{
    ["domain"] => DomainBenchmarks.Run(),
    ["embedded", .. var rest] => await EmbeddedLoad.RunAsync(rest),
    [EmbeddedRun.Command, .. var rest] => await EmbeddedRun.RunAsync(rest),
    ["durable", .. var rest] => await DurableLoad.RunAsync(rest),
    ["storm", .. var rest] => await DecisionStorm.RunAsync(rest),
    [PrometheusStub.Command] => await PrometheusStub.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        domain                                 a turn of the machine, a condition, a manifest
        embedded [SECONDS [ROLLOUTS…]]         the embedded engine under load; default 60 seconds each with 1000 and 10000 rollouts
        durable URL KEY [ROLLOUTS [FAILING [DECISIONS [AWAY]]]]
                                               a durable app that runs with its sample settings; default 50 rollouts at once, 20 failing ones, 500 decisions,
                                               none of a cluster that does not answer (there: http://127.0.0.1:7074, namespace away)
        storm URL KEY [DECISIONS]              the same app; decisions at the worst moments of its generations, each told twice at once; default 500
        """);
    return 2;
}
