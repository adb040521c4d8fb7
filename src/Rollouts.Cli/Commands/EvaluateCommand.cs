using System.CommandLine;
using System.Text.Json;
using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;
using Rollouts.Cli.Output;

namespace Rollouts.Cli.Commands;

/// <summary><c>rollouts evaluate</c>: what one value is worth under given conditions.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CliConsole console)
    {
        Option<string> result = new("--result")
        {
            Description = "The measured value: JSON that also takes bare NaN, +Inf and -Inf. A number is a scalar, an array of numbers a vector.",
            Required = true,
            HelpName = "VALUE",
        };
        Option<string?> success = new("--success") { Description = "The success condition", HelpName = "EXPR" };
        Option<string?> failure = new("--failure") { Description = "The failure condition", HelpName = "EXPR" };
        Option<OutputFormat> output = SharedOptions.Output();
        Command command = new("evaluate", "Evaluates a metric's conditions on one value, as Argo does.") { result, success, failure, output };
        command.SetAction(parsed =>
        {
            MetricValue value = Value(parsed.GetRequiredValue(result));
            (MeasurementPhase phase, string? message) = MeasurementEvaluation.Evaluate(
                value, parsed.GetValue(success), parsed.GetValue(failure), TimeProvider.System.GetUtcNow());
            console.Out.WriteLine(parsed.GetValue(output) == OutputFormat.Json
                ? JsonSerializer.Serialize(new EvaluationOutput(phase, message ?? ""), CliJson.Readable.EvaluationOutput)
                : string.IsNullOrEmpty(message) ? phase.ToString() : $"{phase}: {message}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static MetricValue Value(string text)
    {
        try
        {
            return MetricValue.ParsePrometheusNotation(text);
        }
        catch (ConditionException problem)
        {
            throw new InvalidInputException($"--result: {problem.Message}");
        }
    }
}

internal sealed record EvaluationOutput(MeasurementPhase Phase, string Message);
