import { serve } from "@framewright/sdk";
import { dataSource } from "./data-source.js";

await serve(dataSource);
