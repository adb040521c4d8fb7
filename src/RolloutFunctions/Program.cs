using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RolloutFunctions.Configuration;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

// The host logs every request already. ASP.NET Core's own lines would add the whole address, in which a chart's is a secret.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddRollouts(AppSettings.Read(builder.Configuration));
await builder.Build().RunAsync().ConfigureAwait(false);
